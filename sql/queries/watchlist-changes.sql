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
