-- name: selectVersions
SELECT wl_id, version, CAST(radius AS DOUBLE) AS radius FROM glint.watchlists WHERE active = 1

-- name: selectMatched
SELECT version, active, CAST(radius AS DOUBLE) AS radius, sources
FROM glint.watchlists WHERE wl_id = :watchlistId

-- name: selectCones
SELECT cone_id, ra, decl, CAST(radius AS DOUBLE) FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND cone_id > :after
ORDER BY cone_id LIMIT :limit

-- name: selectOpenMatches
SELECT list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at
FROM glint.list_matches
WHERE kind = 'watchlist' AND ended_at IS NULL
ORDER BY started_at, total, list_id, survey

-- name: selectMatches
SELECT list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at
FROM glint.list_matches
WHERE kind = 'watchlist' AND list_id = :watchlistId
ORDER BY survey DESC

-- name: lockMatch
SELECT version FROM glint.list_matches
WHERE kind = 'watchlist' AND list_id = :watchlistId AND survey = :survey AND ended_at IS NULL
FOR UPDATE

-- name: advanceMatch
UPDATE glint.list_matches
SET next_key = :nextKey, done = :done, total = :total, hits = :hits, problem = '', ended_at = :endedAt
WHERE kind = 'watchlist' AND list_id = :watchlistId AND survey = :survey AND version = :version

-- name: noteProblem
UPDATE glint.list_matches SET problem = :problem
WHERE kind = 'watchlist' AND list_id = :watchlistId AND survey = :survey AND version = :version

-- name: deleteMatch
DELETE FROM glint.list_matches
WHERE kind = 'watchlist' AND list_id = :watchlistId AND survey = :survey

-- name: deleteSomeSources
DELETE FROM glint.watchlist_cones WHERE wl_id = :watchlistId LIMIT :limit
