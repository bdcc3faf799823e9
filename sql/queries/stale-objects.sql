-- name: markStale
INSERT INTO glint.stale_objects
  (survey, step, object_id, reason, since, due_at, tries, alerted_at)
VALUES :rows
ON DUPLICATE KEY UPDATE
  reason = VALUES(reason),
  since = VALUES(since),
  due_at = LEAST(due_at, VALUES(due_at)),
  alerted_at = COALESCE(VALUES(alerted_at), alerted_at)

-- name: noteAlerted
UPDATE glint.stale_objects
SET alerted_at = :now
WHERE survey = :survey AND step IN (:steps) AND object_id IN (:ids)

-- name: selectDue
SELECT object_id AS id, tries, since, alerted_at
FROM glint.stale_objects
WHERE survey = :survey AND step = :step AND due_at <= :now
ORDER BY due_at
LIMIT :count

-- name: clearStale
DELETE FROM glint.stale_objects
WHERE survey = :survey AND step = :step AND object_id IN (:ids)
  AND (object_id, since) IN (:marks)

-- name: postpone
UPDATE glint.stale_objects
SET reason = :reason, due_at = :dueAt, tries = tries + 1
WHERE survey = :survey AND step = :step AND object_id IN (:ids)

-- name: countStale
SELECT survey, step, COUNT(*) AS objects, MIN(since) AS oldest, MAX(tries) AS tries
FROM glint.stale_objects
GROUP BY survey, step
ORDER BY survey, step
