-- What filters told last of each object.

-- name: selectMemory
SELECT mq_id, object_id, sent_at, number, words
FROM glint.filter_memory
WHERE (mq_id, object_id) IN (:places);

-- name: saveMemory
INSERT INTO glint.filter_memory (mq_id, object_id, sent_at, number, words)
VALUES :rows
ON DUPLICATE KEY UPDATE sent_at = VALUES(sent_at), number = VALUES(number), words = VALUES(words);
