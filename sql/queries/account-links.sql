-- name: insertLink
INSERT INTO glint.account_links (link_hash, purpose, user_id, email, wanted, created_at, expires_at)
VALUES (:linkHash, :purpose, :userId, :email, :wanted, :now, :expiresAt);

-- name: selectLink
SELECT purpose, user_id, email, wanted, expires_at, used_at
FROM glint.account_links
WHERE link_hash = :linkHash;

-- name: useLink
UPDATE glint.account_links SET used_at = :now, wanted = NULL
WHERE link_hash = :linkHash AND used_at IS NULL AND expires_at > :now;

-- name: deleteLink
DELETE FROM glint.account_links WHERE link_hash = :linkHash;

-- name: deleteLinksOf
DELETE FROM glint.account_links WHERE user_id = :userId AND purpose IN (:purposes) AND used_at IS NULL;

-- name: deleteOldLinks
DELETE FROM glint.account_links WHERE expires_at < :before;
