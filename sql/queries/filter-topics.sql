-- name: selectTopic
SELECT mq_id, topic, readers FROM glint.filter_topics WHERE mq_id = :queryId

-- name: selectAlike
SELECT mq_id, topic, readers FROM glint.filter_topics
WHERE REPLACE(topic, '.', '_') = REPLACE(:topic, '.', '_') AND mq_id <> :queryId

-- name: insertTopic
INSERT INTO glint.filter_topics (mq_id, topic, readers, created_at)
VALUES (:queryId, :topic, '', :now)
ON DUPLICATE KEY UPDATE mq_id = mq_id

-- name: selectTopicsToOpen
SELECT t.mq_id, t.topic, t.readers, q.user_id, q.public
FROM glint.filter_topics t
JOIN glint.queries q ON q.mq_id = t.mq_id
WHERE t.readers <> CASE WHEN q.public = 0 THEN CONCAT('User:', :prefix, q.user_id) ELSE 'User:*' END

-- name: selectTopicsToEnd
SELECT t.mq_id, t.topic, t.readers, t.made_at IS NOT NULL AS made
FROM glint.filter_topics t
LEFT JOIN glint.filters f ON f.mq_id = t.mq_id
WHERE f.mq_id IS NULL

-- name: markMade
UPDATE glint.filter_topics SET made_at = :now WHERE mq_id = :queryId AND topic = :topic

-- name: updateReaders
UPDATE glint.filter_topics SET readers = :readers WHERE mq_id = :queryId AND topic = :topic

-- name: deleteTopic
DELETE FROM glint.filter_topics WHERE mq_id = :queryId AND topic = :topic

-- name: saveAccount
INSERT INTO glint.kafka_accounts (owner_id, name, created_at) VALUES (:userId, :name, :now)
ON DUPLICATE KEY UPDATE name = VALUES(name), created_at = VALUES(created_at)

-- name: selectAccount
SELECT owner_id, name, created_at FROM glint.kafka_accounts WHERE owner_id = :userId

-- name: selectAccountsToEnd
SELECT a.owner_id, a.name, a.created_at
FROM glint.kafka_accounts a
LEFT JOIN glint.users u ON u.user_id = a.owner_id AND u.disabled_at IS NULL
WHERE u.user_id IS NULL

-- name: deleteAccount
DELETE FROM glint.kafka_accounts WHERE owner_id = :userId AND name = :name
