-- name: selectTableRows
SELECT TABLE_ROWS AS estimate FROM information_schema.TABLES
WHERE TABLE_SCHEMA = :database AND TABLE_NAME = :table
