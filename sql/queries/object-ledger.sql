-- What is due for one object.

-- name: selectStaleSteps
SELECT step, reason, since, due_at, tries
FROM glint.stale_objects
WHERE survey = :survey AND object_id = :objectId
ORDER BY step
