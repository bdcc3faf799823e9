-- name: insertUser
INSERT INTO glint.users (name, email, role, created_at) VALUES (:name, :email, :role, :createdAt);

-- name: selectUsers
SELECT user_id, name, email, role, created_at FROM glint.users ORDER BY name;

-- name: insertApiToken
INSERT INTO glint.api_tokens (user_id, name, token_hash, created_at)
VALUES (:userId, :name, :tokenHash, :createdAt);
