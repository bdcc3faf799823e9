-- name: selectAnnotator
SELECT a.topic, a.user_id, u.name AS owner, a.description, a.active, a.public, a.created_at, a.updated_at
FROM glint.annotators a LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE a.topic = :topic

-- name: listAnnotators
SELECT a.topic, a.user_id, u.name AS owner, a.description, a.active, a.public, a.created_at, a.updated_at
FROM glint.annotators a LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE (a.user_id = :readerId OR (:isOwn = 0 AND a.public = 1))
  AND (:find = '' OR LOCATE(:find, LOWER(a.topic)) > 0 OR LOCATE(:find, LOWER(a.description)) > 0)
ORDER BY a.user_id = :readerId DESC, LOWER(a.topic), a.topic
LIMIT :limit OFFSET :offset

-- name: lockAnnotators
SELECT topic, user_id, active, public FROM glint.annotators
WHERE topic IN (:topics)
ORDER BY topic
FOR UPDATE

-- name: selectAlike
SELECT topic FROM glint.annotators WHERE LOWER(topic) = LOWER(:topic)

-- name: countOwn
SELECT COUNT(*) AS count FROM glint.annotators WHERE user_id = :userId

-- name: insertAnnotator
INSERT INTO glint.annotators (topic, user_id, description, active, public, created_at, updated_at)
VALUES (:topic, :userId, :description, :isActive, :isPublic, :now, :now)

-- name: updateAnnotator
UPDATE glint.annotators
SET description = :description, active = :isActive, public = :isPublic, updated_at = :now
WHERE topic = :topic

-- name: deleteAnnotator
DELETE FROM glint.annotators WHERE topic = :topic

-- name: selectActiveTopics
SELECT a.topic, a.user_id FROM glint.annotators a JOIN glint.users u ON u.user_id = a.user_id
WHERE a.active = 1 AND u.disabled_at IS NULL
ORDER BY a.topic
