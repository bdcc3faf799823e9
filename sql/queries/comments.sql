-- name: selectComments
SELECT c.comment_id, c.user, u.name, c.content, c.time, c.topic
FROM DB.comments c
LEFT JOIN glint.users u ON u.user_id = c.user
WHERE c.KEY = :id
ORDER BY c.time, c.comment_id

-- name: selectByTopic
SELECT KEY, topic, content FROM DB.comments WHERE KEY IN (:ids) AND topic IN (:topics)

-- name: deleteByTopic
DELETE FROM DB.comments WHERE KEY IN (:ids) AND (KEY, topic) IN (:pairs)

-- name: selectNow
SELECT DATE_FORMAT(NOW(3), '%Y-%m-%d %H:%i:%s.%f')
