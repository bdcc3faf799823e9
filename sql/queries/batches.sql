-- Batches that filters are run on.

-- name: insertBatch
INSERT INTO glint.filter_batches (survey, cause, created_at, entries, steps)
VALUES (:survey, :cause, :createdAt, :entries, :steps);

-- name: selectPending
SELECT batch_id, cause, created_at, entries
FROM glint.filter_batches
WHERE done_at IS NULL AND survey = :survey AND batch_id > :after
ORDER BY batch_id
LIMIT :count;

-- name: selectBatches
SELECT batch_id, cause, created_at, entries
FROM glint.filter_batches
WHERE batch_id IN (:batchIds)
ORDER BY batch_id;

-- name: selectBacklog
SELECT COUNT(*) AS batches, MIN(created_at) AS oldest,
  (SELECT COUNT(*) FROM glint.filters WHERE survey = :survey AND state = 'on') AS filters,
  (SELECT COUNT(*) FROM glint.filters WHERE survey = :survey AND state = 'paused') AS paused,
  (SELECT COUNT(*) FROM glint.filter_retries) AS retries
FROM glint.filter_batches
WHERE done_at IS NULL AND survey = :survey;

-- name: lockPending
SELECT batch_id
FROM glint.filter_batches
WHERE batch_id IN (:batchIds) AND done_at IS NULL
ORDER BY batch_id
FOR UPDATE;

-- name: endBatch
UPDATE glint.filter_batches
SET done_at = :now, verdicts = :verdicts
WHERE batch_id = :batchId;

-- name: addVerdicts
UPDATE glint.filter_batches
SET verdicts = CONCAT(COALESCE(verdicts, ''), :verdicts)
WHERE batch_id = :batchId;

-- name: selectSummary
SELECT batch_id, survey, cause, created_at, steps, done_at
FROM glint.filter_batches
WHERE batch_id = :batchId;

-- name: selectAnnotationBatches
SELECT batch_id, survey, cause, created_at, steps, done_at
FROM glint.filter_batches
WHERE created_at IN (:moments) AND survey = :survey AND cause = 'annotation'
ORDER BY batch_id DESC;

-- name: selectVerdicts
SELECT verdicts
FROM glint.filter_batches
WHERE batch_id = :batchId;

-- name: deleteOldBatches
DELETE FROM glint.filter_batches
WHERE created_at < :before
  AND NOT EXISTS (
    SELECT 1 FROM glint.filter_retries AS retries
    WHERE retries.batch_id = filter_batches.batch_id
  )
ORDER BY created_at
LIMIT 100;
