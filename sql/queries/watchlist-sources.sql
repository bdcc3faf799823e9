-- name: listSources
SELECT cone_id, name, ra, decl, CAST(radius AS DOUBLE) AS radius FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND name LIKE :find
ORDER BY cone_id LIMIT :limit OFFSET :offset

-- name: countSources
SELECT COUNT(*) AS count FROM glint.watchlist_cones WHERE wl_id = :watchlistId AND name LIKE :find

-- name: selectSourcesAfter
SELECT cone_id, name, ra, decl, CAST(radius AS DOUBLE) AS radius FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND cone_id > :after
ORDER BY cone_id LIMIT :limit

-- name: selectSource
SELECT cone_id, name, ra, decl, CAST(radius AS DOUBLE) AS radius FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND cone_id = :coneId

-- name: updateSource
UPDATE glint.watchlist_cones SET name = :name, ra = :ra, decl = :decl, radius = :radius, hpx29 = :hpx29
WHERE wl_id = :watchlistId AND cone_id = :coneId

-- name: deleteSources
DELETE FROM glint.watchlist_cones WHERE wl_id = :watchlistId AND cone_id IN (:coneIds)

-- name: selectRadii
SELECT CAST(radius AS DOUBLE) AS radius, COUNT(*) AS count FROM glint.watchlist_cones
WHERE wl_id = :watchlistId GROUP BY radius

-- name: selectSourcesByIds
SELECT cone_id, wl_id, name FROM glint.watchlist_cones WHERE cone_id IN (:coneIds)
