-- name: lockQuery
SELECT mq_id FROM glint.queries WHERE mq_id = :queryId FOR UPDATE

-- name: countQueries
SELECT COUNT(*) AS count FROM glint.queries WHERE user_id = :userId

-- name: countVersions
SELECT COUNT(*) AS count FROM glint.query_versions WHERE mq_id = :queryId

-- name: selectNames
SELECT name FROM glint.queries WHERE user_id = :userId

-- name: insertQuery
INSERT INTO glint.queries
  (user_id, name_key, name, description, survey, source, fields, public, version, created_at, updated_at)
VALUES
  (:userId, :nameKey, :name, :description, :survey, :source, :fields, :public, 1, :now, :now)

-- name: updateQuery
UPDATE glint.queries
SET name_key = :nameKey, name = :name, description = :description, survey = :survey,
  source = :source, fields = :fields, version = :version, updated_at = :now
WHERE mq_id = :queryId

-- name: insertVersion
INSERT INTO glint.query_versions
  (mq_id, version, user_id, created_at, note, name, description, survey, source, fields)
VALUES
  (:queryId, :version, :authorId, :now, :note, :name, :description, :survey, :source, :fields)

-- name: updatePublic
UPDATE glint.queries SET public = :level WHERE mq_id = :queryId

-- name: deleteVersions
DELETE FROM glint.query_versions WHERE mq_id = :queryId

-- name: deleteQuery
DELETE FROM glint.queries WHERE mq_id = :queryId

-- name: handOverSystemQueries
UPDATE glint.queries
SET user_id = 0, name_key = SHA2(CONCAT(name_key, mq_id), 256)
WHERE user_id = :userId AND public = 2

-- name: deleteVersionsOfOwner
DELETE FROM glint.query_versions
WHERE mq_id IN (SELECT mq_id FROM glint.queries WHERE user_id = :userId)

-- name: deleteQueriesOfOwner
DELETE FROM glint.queries WHERE user_id = :userId
