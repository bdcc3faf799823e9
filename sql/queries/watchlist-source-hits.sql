-- name: countSourcesWithHits
SELECT COUNT(*) AS count
FROM (
  SELECT cone_id FROM ztf.watchlist_hits WHERE wl_id = :watchlistId
  UNION
  SELECT cone_id FROM lsst.watchlist_hits WHERE wl_id = :watchlistId
) found

-- name: selectSourcesWithoutHits
SELECT c.cone_id, c.name, c.ra, c.decl, CAST(c.radius AS DOUBLE) AS radius, 0 AS hits
FROM glint.watchlist_cones c
LEFT JOIN (
  SELECT cone_id FROM ztf.watchlist_hits WHERE wl_id = :watchlistId
  UNION
  SELECT cone_id FROM lsst.watchlist_hits WHERE wl_id = :watchlistId
) found ON found.cone_id = c.cone_id
WHERE c.wl_id = :watchlistId AND c.name LIKE :find AND found.cone_id IS NULL
ORDER BY c.cone_id
LIMIT :count OFFSET :offset

-- name: selectSourcesWithCounts
SELECT c.cone_id, c.name, c.ra, c.decl, CAST(c.radius AS DOUBLE) AS radius,
  COALESCE(found.hits, 0) AS hits
FROM glint.watchlist_cones c
LEFT JOIN (
  SELECT cone_id, SUM(hits) AS hits FROM (
    SELECT cone_id, COUNT(*) AS hits FROM ztf.watchlist_hits WHERE wl_id = :watchlistId GROUP BY cone_id
    UNION ALL
    SELECT cone_id, COUNT(*) AS hits FROM lsst.watchlist_hits WHERE wl_id = :watchlistId GROUP BY cone_id
  ) each_survey GROUP BY cone_id
) found ON found.cone_id = c.cone_id
WHERE c.wl_id = :watchlistId AND c.name LIKE :find
ORDER BY c.cone_id
LIMIT :count OFFSET :offset

-- name: selectSourcesNamed
SELECT cone_id, name
FROM glint.watchlist_cones
WHERE wl_id = :watchlistId AND name IN (:names)

-- name: selectSkyCells
SELECT MIN(ra) AS ra, MIN(decl) AS decl
FROM glint.watchlist_cones
WHERE wl_id = :watchlistId
GROUP BY hpx29 >> :shift
