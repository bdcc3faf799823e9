-- name: deleteKeys
DELETE FROM glint.annotator_keys WHERE topic = :topic

-- name: insertKey
INSERT INTO glint.annotator_keys (key_hash, topic, created_at) VALUES (:keyHash, :topic, :now)

-- name: selectKey
SELECT created_at, last_used_at FROM glint.annotator_keys WHERE topic = :topic
ORDER BY created_at DESC LIMIT 1

-- name: selectKeyOwner
SELECT k.topic, k.last_used_at, a.user_id, u.name, u.role, u.disabled_at
FROM glint.annotator_keys k
JOIN glint.annotators a ON a.topic = k.topic
JOIN glint.users u ON u.user_id = a.user_id
WHERE k.key_hash = :keyHash

-- name: selectKeyTopics
SELECT k.key_hash, k.topic
FROM glint.annotator_keys k
JOIN glint.annotators a ON a.topic = k.topic
JOIN glint.users u ON u.user_id = a.user_id
WHERE k.key_hash IN (:keyHashes) AND u.disabled_at IS NULL

-- name: touchKey
UPDATE glint.annotator_keys SET last_used_at = :now
WHERE key_hash = :keyHash AND (last_used_at IS NULL OR last_used_at < :before)
