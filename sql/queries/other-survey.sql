-- name: selectPairsOfZtf
SELECT objectId, diaObjectId, separationArcsec, `rank`, candidates
FROM ztf.crossmatch_lsst WHERE objectId IN (:ids)

-- name: selectPairsOfLsst
SELECT objectId, diaObjectId, separationArcsec, `rank`, candidates
FROM lsst.crossmatch_ztf WHERE diaObjectId IN (:ids)

-- name: deletePairsOfZtf
DELETE FROM ztf.crossmatch_lsst
WHERE objectId IN (:objectIds) AND (objectId, diaObjectId) IN (:pairs)

-- name: deletePairsOfLsst
DELETE FROM lsst.crossmatch_ztf
WHERE diaObjectId IN (:diaObjectIds) AND (objectId, diaObjectId) IN (:pairs)

-- name: selectLostPairs
SELECT p.objectId, p.diaObjectId FROM ztf.crossmatch_lsst p
LEFT JOIN ztf.objects z ON z.objectId = p.objectId
LEFT JOIN lsst.objects l ON l.diaObjectId = p.diaObjectId
LEFT JOIN lsst.crossmatch_ztf m ON m.diaObjectId = p.diaObjectId AND m.objectId = p.objectId
WHERE z.objectId IS NULL OR l.diaObjectId IS NULL OR m.objectId IS NULL
UNION
SELECT m.objectId, m.diaObjectId FROM lsst.crossmatch_ztf m
LEFT JOIN ztf.crossmatch_lsst p ON p.objectId = m.objectId AND p.diaObjectId = m.diaObjectId
WHERE p.objectId IS NULL
LIMIT :count

-- name: selectOtherOfZtf
SELECT CAST(diaObjectId AS CHAR) AS id, separationArcsec, `rank`, candidates
FROM ztf.crossmatch_lsst WHERE objectId = :id ORDER BY `rank`

-- name: selectOtherOfLsst
SELECT objectId AS id, separationArcsec, `rank`, candidates
FROM lsst.crossmatch_ztf WHERE diaObjectId = :id ORDER BY `rank`
