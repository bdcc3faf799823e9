-- name: lockZtfHistories
SELECT objectId, points FROM ztf.histories WHERE objectId IN (:ids) ORDER BY objectId FOR UPDATE

-- name: lockLsstHistories
SELECT ownerId, points
FROM lsst.histories
WHERE ownerKind = 0 AND ownerId IN (:ids)
ORDER BY ownerId
FOR UPDATE

-- name: touchZtfHistories
UPDATE ztf.histories SET version = version + 1 WHERE objectId IN (:ids)

-- name: touchLsstHistories
UPDATE lsst.histories SET version = version + 1 WHERE ownerKind = 0 AND ownerId IN (:ids)

-- name: selectZtfNewest
SELECT objectId, CAST(sgscore1 AS DOUBLE), CAST(distpsnr1 AS DOUBLE), CAST(sgmag1 AS DOUBLE),
  CAST(srmag1 AS DOUBLE), ssnamenr
FROM ztf.candidates
WHERE objectId IN (:ids) AND hasalert = 1
ORDER BY objectId, jd, candid

-- name: selectLsstNewest
SELECT COLUMNS FROM lsst.diaObjects WHERE diaObjectId IN (:ids)

-- name: selectZtfPage
SELECT objectId AS id FROM ztf.objects WHERE objectId > :after ORDER BY objectId LIMIT :count

-- name: selectLsstPage
SELECT CAST(diaObjectId AS CHAR) AS id
FROM lsst.objects
WHERE diaObjectId > :after
ORDER BY diaObjectId
LIMIT :count

-- name: countZtfObjects
SELECT COUNT(*) AS objects FROM ztf.objects

-- name: countLsstObjects
SELECT COUNT(*) AS objects FROM lsst.objects
