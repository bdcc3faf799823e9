-- name: insertSecret
INSERT IGNORE INTO glint.secrets (name, value) VALUES (:name, :value);

-- name: replaceSecret
REPLACE INTO glint.secrets (name, value) VALUES (:name, :value);

-- name: selectSecret
SELECT value FROM glint.secrets WHERE name = :name;
