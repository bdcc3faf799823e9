-- name: selectVersions
SELECT wl_id, version, CAST(radius AS DOUBLE) AS radius FROM glint.watchlists WHERE active = 1

-- name: selectMatched
SELECT version, active, CAST(radius AS DOUBLE) AS radius, sources
FROM glint.watchlists WHERE wl_id = :watchlistId

-- name: selectCones
SELECT cone_id, ra, decl, CAST(radius AS DOUBLE) FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND cone_id > :after
ORDER BY cone_id LIMIT :limit

-- name: lockMatch
SELECT version FROM glint.list_matches
WHERE kind = 'watchlist' AND list_id = :listId AND survey = :survey AND ended_at IS NULL
FOR UPDATE

-- name: deleteSomeSources
DELETE FROM glint.watchlist_cones WHERE wl_id = :watchlistId LIMIT :limit
