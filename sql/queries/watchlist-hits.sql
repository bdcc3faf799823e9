-- name: selectHitsOfObjects
SELECT KEY, wl_id, cone_id, CAST(arcsec AS DOUBLE) FROM DB.watchlist_hits WHERE KEY IN (:ids)

-- name: selectHitsAfter
SELECT KEY, cone_id FROM DB.watchlist_hits
WHERE wl_id = :watchlistId AND KEY > :after
ORDER BY KEY, cone_id LIMIT :limit

-- name: deleteHits
DELETE FROM DB.watchlist_hits WHERE wl_id = :watchlistId AND KEY IN (:ids)

-- name: deleteSomeHits
DELETE FROM DB.watchlist_hits WHERE wl_id = :watchlistId LIMIT :limit

-- name: countHitObjects
SELECT COUNT(DISTINCT KEY) AS objects, COUNT(*) AS hits FROM DB.watchlist_hits WHERE wl_id = :watchlistId

-- name: holdZtfHistories
SELECT objectId FROM ztf.histories WHERE objectId IN (:ids) ORDER BY objectId LOCK IN SHARE MODE

-- name: holdLsstHistories
SELECT ownerId FROM lsst.histories WHERE ownerKind = 0 AND ownerId IN (:ids)
ORDER BY ownerId LOCK IN SHARE MODE

-- name: selectZtfPlaces
SELECT objectId, ramean, decmean FROM ztf.objects WHERE objectId IN (:ids)

-- name: selectLsstPlaces
SELECT diaObjectId, COALESCE(ra, ramean), COALESCE(decl, decmean) FROM lsst.objects
WHERE diaObjectId IN (:ids)

-- name: selectZtfInRanges
SELECT objectId, ramean, decmean, hpx29 FROM ztf.objects
WHERE RANGES ORDER BY hpx29 LIMIT :limit

-- name: selectLsstInRanges
SELECT diaObjectId, ra, decl, hpx29 FROM lsst.objects
WHERE RANGES ORDER BY hpx29 LIMIT :limit

-- name: selectLsstWithoutCell
SELECT diaObjectId, ramean, decmean FROM lsst.objects
WHERE hpx29 IS NULL AND diaObjectId > :after ORDER BY diaObjectId LIMIT :limit
