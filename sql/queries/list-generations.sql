-- name: selectGeneration
SELECT generation FROM glint.list_generations WHERE kind = :kind

-- name: holdGeneration
SELECT generation FROM glint.list_generations WHERE kind = :kind LOCK IN SHARE MODE

-- name: beginGeneration
INSERT IGNORE INTO glint.list_generations (kind, generation) VALUES (:kind, 0)

-- name: raiseGeneration
INSERT INTO glint.list_generations (kind, generation) VALUES (:kind, 1)
ON DUPLICATE KEY UPDATE generation = generation + 1
