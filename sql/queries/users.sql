-- name: insertUser
INSERT INTO glint.users
  (name, email, role, created_at, first_name, last_name, affiliation, password_hash, password_changed_at)
VALUES
  (:name, :email, :role, :createdAt, :firstName, :lastName, :affiliation, :passwordHash,
   IF(:passwordHash IS NULL, NULL, :createdAt));

-- name: selectUsers
SELECT user_id, name, email, role, created_at, first_name, last_name, affiliation, last_login_at,
  disabled_at, password_hash IS NOT NULL AS has_password
FROM glint.users
WHERE :pattern = '' OR CONVERT(name USING utf8mb4) LIKE :pattern OR email LIKE :pattern
  OR CONCAT_WS(' ', first_name, last_name) LIKE :pattern
ORDER BY name
LIMIT :limit OFFSET :offset;

-- name: selectUser
SELECT user_id, name, email, role, created_at, first_name, last_name, affiliation, last_login_at,
  disabled_at, password_hash IS NOT NULL AS has_password
FROM glint.users
WHERE user_id = :userId;

-- name: selectByName
SELECT user_id, name, email, role, created_at, first_name, last_name, affiliation, last_login_at,
  disabled_at, password_hash IS NOT NULL AS has_password
FROM glint.users
WHERE name = :name;

-- name: selectByEmail
SELECT user_id, name, email, role, created_at, first_name, last_name, affiliation, last_login_at,
  disabled_at, password_hash IS NOT NULL AS has_password
FROM glint.users
WHERE email = :email;

-- name: selectPasswordHash
SELECT password_hash FROM glint.users WHERE user_id = :userId;

-- name: lockUser
SELECT user_id FROM glint.users WHERE user_id = :userId FOR UPDATE;

-- name: updateProfile
UPDATE glint.users
SET first_name = :firstName, last_name = :lastName, affiliation = :affiliation
WHERE user_id = :userId;

-- name: updateEmail
UPDATE glint.users SET email = :email WHERE user_id = :userId;

-- name: updatePassword
UPDATE glint.users SET password_hash = :passwordHash, password_changed_at = :now
WHERE user_id = :userId;

-- name: replacePasswordHash
UPDATE glint.users SET password_hash = :passwordHash
WHERE user_id = :userId AND password_hash = :before;

-- name: updateRole
UPDATE glint.users SET role = :role WHERE user_id = :userId;

-- name: updateDisabled
UPDATE glint.users SET disabled_at = :disabledAt WHERE user_id = :userId;

-- name: markEnded
UPDATE glint.users SET disabled_at = COALESCE(disabled_at, :now), ended_at = COALESCE(ended_at, :now)
WHERE user_id = :userId;

-- name: selectEnded
SELECT user_id FROM glint.users WHERE ended_at IS NOT NULL ORDER BY user_id;

-- name: updateLastLogin
UPDATE glint.users SET last_login_at = :now WHERE user_id = :userId;

-- name: countActiveStaff
SELECT COUNT(*) AS count FROM glint.users
WHERE role = 'staff' AND disabled_at IS NULL AND user_id <> :userId;

-- name: deleteUser
DELETE FROM glint.users WHERE user_id = :userId;
