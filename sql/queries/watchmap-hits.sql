-- name: selectHitsOfObjects
SELECT KEY, ar_id FROM DB.area_hits WHERE KEY IN (:ids)

-- name: selectHitsAfter
SELECT KEY FROM DB.area_hits
WHERE ar_id = :watchmapId AND KEY > :after ORDER BY KEY LIMIT :limit

-- name: deleteHits
DELETE FROM DB.area_hits WHERE (ar_id, KEY) IN (:pairs)

-- name: deleteSomeHits
DELETE FROM DB.area_hits WHERE ar_id = :watchmapId LIMIT :limit

-- name: insertHits
INSERT IGNORE INTO DB.area_hits (ar_id, KEY) VALUES :pairs

-- name: countHits
SELECT COUNT(*) AS count FROM DB.area_hits WHERE ar_id = :watchmapId

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

-- name: selectZtfBetween
SELECT objectId, ramean, decmean, hpx29 FROM ztf.objects
WHERE hpx29 >= :from AND hpx29 < :to ORDER BY hpx29 LIMIT :limit

-- name: selectLsstBetween
SELECT diaObjectId, ra, decl, hpx29 FROM lsst.objects
WHERE hpx29 >= :from AND hpx29 < :to ORDER BY hpx29 LIMIT :limit

-- name: selectLsstWithoutCell
SELECT diaObjectId, ramean, decmean FROM lsst.objects
WHERE hpx29 IS NULL AND diaObjectId > :after ORDER BY diaObjectId LIMIT :limit
