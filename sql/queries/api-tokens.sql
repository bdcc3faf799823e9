-- name: insertToken
INSERT INTO glint.api_tokens (user_id, name, token_hash, created_at, scopes, expires_at)
VALUES (:userId, :name, :tokenHash, :now, :scopes, :expiresAt);

-- name: selectTokenAccount
SELECT t.token_id, t.user_id, t.scopes, t.expires_at, t.last_used_at, u.name, u.role, u.disabled_at
FROM glint.api_tokens t
JOIN glint.users u ON u.user_id = t.user_id
WHERE t.token_hash = :tokenHash;

-- name: touchToken
UPDATE glint.api_tokens SET last_used_at = :now
WHERE token_id = :tokenId AND (last_used_at IS NULL OR last_used_at < :now);

-- name: selectTokens
SELECT token_id, name, created_at, last_used_at, scopes, expires_at
FROM glint.api_tokens
WHERE user_id = :userId
ORDER BY created_at, token_id;

-- name: deleteToken
DELETE FROM glint.api_tokens WHERE user_id = :userId AND token_id = :tokenId;

-- name: deleteTokenNamed
DELETE FROM glint.api_tokens WHERE user_id = :userId AND name = :name;
