-- name: upsertAccount
INSERT INTO glint.notebook_accounts (user_id, created_at, renewed_at)
VALUES (:userId, :now, :now)
ON DUPLICATE KEY UPDATE renewed_at = :now, locked_at = NULL;

-- name: lockAccount
UPDATE glint.notebook_accounts SET locked_at = :now WHERE user_id = :userId;

-- name: deleteAccount
DELETE FROM glint.notebook_accounts WHERE user_id = :userId;

-- name: selectAccount
SELECT user_id, created_at, renewed_at, locked_at FROM glint.notebook_accounts WHERE user_id = :userId;

-- name: selectAccounts
SELECT user_id, created_at, renewed_at, locked_at FROM glint.notebook_accounts ORDER BY user_id;

-- name: selectOrphans
SELECT n.user_id, n.created_at, n.renewed_at, n.locked_at
FROM glint.notebook_accounts AS n LEFT JOIN glint.users AS u ON u.user_id = n.user_id
WHERE (n.locked_at IS NULL OR n.locked_at <= :before)
  AND (u.user_id IS NULL OR u.disabled_at IS NOT NULL);

-- name: selectConnections
SELECT id FROM information_schema.processlist WHERE user = :name;
