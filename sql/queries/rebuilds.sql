-- name: selectRebuilds
SELECT survey, step, version, next_id, done, total, started_at, ended_at
FROM glint.rebuilds
ORDER BY started_at, step, survey

-- name: beginRebuild
REPLACE INTO glint.rebuilds (survey, step, version, next_id, done, total, started_at, ended_at)
VALUES (:survey, :step, :version, '', 0, :total, :now, :endedAt)

-- name: advanceRebuild
UPDATE glint.rebuilds
SET next_id = :nextId, done = :done, total = GREATEST(:total, :done), ended_at = :endedAt
WHERE survey = :survey AND step = :step AND version = :version AND started_at = :startedAt
