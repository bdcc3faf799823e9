-- name: selectOpenMatches
SELECT list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at
FROM glint.list_matches
WHERE kind = :kind AND ended_at IS NULL
ORDER BY started_at, total, list_id, survey

-- name: selectMatches
SELECT list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at
FROM glint.list_matches
WHERE kind = :kind AND list_id = :listId
ORDER BY survey DESC

-- name: advanceMatch
UPDATE glint.list_matches
SET next_key = :nextKey, done = :done, total = :total, hits = :hits, problem = '', ended_at = :endedAt
WHERE kind = :kind AND list_id = :listId AND survey = :survey AND version = :version

-- name: noteProblem
UPDATE glint.list_matches SET problem = :problem
WHERE kind = :kind AND list_id = :listId AND survey = :survey AND version = :version

-- name: askForDeletion
UPDATE glint.list_matches
SET version = version + 1, next_key = '', problem = '', started_at = :now, ended_at = NULL
WHERE kind = :kind AND list_id = :listId

-- name: deleteMatch
DELETE FROM glint.list_matches
WHERE kind = :kind AND list_id = :listId AND survey = :survey

-- name: deleteOrphanedMatches
DELETE FROM glint.list_matches
WHERE ended_at IS NOT NULL
  AND (kind <> 'area' OR list_id NOT IN (SELECT ar_id FROM glint.areas))
  AND (kind <> 'watchlist' OR list_id NOT IN (SELECT wl_id FROM glint.watchlists))
