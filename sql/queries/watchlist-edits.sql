-- name: lockWatchlist
SELECT wl_id, user_id, name, description, active, public, CAST(radius AS DOUBLE) AS radius, sources
FROM glint.watchlists WHERE wl_id = :watchlistId FOR UPDATE

-- name: selectNames
SELECT wl_id, name FROM glint.watchlists WHERE user_id = :userId

-- name: insertWatchlist
INSERT INTO glint.watchlists
  (user_id, name, description, active, public, radius, sources, created_at, updated_at)
VALUES (:userId, :name, :description, :active, :public, :radius, :sources, :now, :now)

-- name: updateSettings
UPDATE glint.watchlists
SET name = :name, description = :description, active = :active, public = :public,
  radius = :radius, updated_at = :now
WHERE wl_id = :watchlistId

-- name: raiseVersion
UPDATE glint.watchlists SET version = version + 1, sources = :sources, updated_at = :now
WHERE wl_id = :watchlistId

-- name: sumSources
SELECT COALESCE(SUM(sources), 0) AS total FROM glint.watchlists WHERE user_id = :userId

-- name: askForMatches
REPLACE INTO glint.list_matches
  (kind, list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at)
SELECT 'watchlist', w.wl_id, s.survey, w.version, '', 0, w.sources, 0, '', :now, NULL
FROM glint.watchlists w JOIN (SELECT 'ztf' AS survey UNION ALL SELECT 'lsst') s
WHERE w.wl_id = :watchlistId

-- name: copySources
INSERT INTO glint.watchlist_cones (wl_id, name, ra, decl, radius, hpx29)
SELECT :watchlistId, name, ra, decl, radius, hpx29
FROM glint.watchlist_cones WHERE wl_id = :originalId
ORDER BY cone_id

-- name: deleteWatchlist
DELETE FROM glint.watchlists WHERE wl_id = :watchlistId

-- name: askForDeletion
UPDATE glint.list_matches
SET version = version + 1, next_key = '', problem = '', started_at = :now, ended_at = NULL
WHERE kind = 'watchlist' AND list_id = :watchlistId
