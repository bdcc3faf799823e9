-- Batches on which filters are run again.

-- name: selectDeferred
SELECT DISTINCT mq_id FROM glint.filter_retries;

-- name: selectOpen
SELECT mq_id, batch_id, tries, due_at, reason
FROM glint.filter_retries
WHERE mq_id IN (:queryIds)
ORDER BY mq_id, batch_id;

-- name: addRetries
INSERT INTO glint.filter_retries (mq_id, batch_id, tries, due_at, reason)
VALUES :rows
ON DUPLICATE KEY UPDATE mq_id = VALUES(mq_id);

-- name: postpone
UPDATE glint.filter_retries
SET tries = tries + 1, due_at = :dueAt, reason = :reason
WHERE mq_id = :queryId AND batch_id IN (:batchIds);

-- name: deleteRetries
DELETE FROM glint.filter_retries WHERE mq_id = :queryId AND batch_id IN (:batchIds);

-- name: deleteUnwanted
DELETE FROM glint.filter_retries
WHERE mq_id NOT IN (SELECT mq_id FROM glint.filters WHERE state = 'on');

-- name: deleteAll
DELETE FROM glint.filter_retries WHERE mq_id = :queryId;
