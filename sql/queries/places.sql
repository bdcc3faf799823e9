-- name: selectZtfPlaces
SELECT objectId, ramean, decmean FROM ztf.objects WHERE CONDITION

-- name: selectLsstPlaces
SELECT diaObjectId, ra, decl FROM lsst.objects WHERE CONDITION

-- name: selectZtfPlacesFrom
SELECT objectId, ramean, decmean, hpx29 FROM ztf.objects
WHERE hpx29 >= :from
ORDER BY hpx29
LIMIT :limit

-- name: selectLsstPlacesFrom
SELECT diaObjectId, ra, decl, hpx29 FROM lsst.objects
WHERE hpx29 >= :from
ORDER BY hpx29
LIMIT :limit

-- name: selectLsstSeenSince
SELECT diaObjectId, ra, decl, lastDiaSourceMjdTai FROM lsst.objects
WHERE hpx29 IS NOT NULL AND lastDiaSourceMjdTai >= :mjdTai
  AND (lastDiaSourceMjdTai > :mjdTai OR diaObjectId > :id)
ORDER BY lastDiaSourceMjdTai, diaObjectId
LIMIT :count

-- name: selectSolarSystemObjects
SELECT objectId FROM ztf.objects
WHERE objectId IN (:ids) AND ssnamenr IS NOT NULL AND jdmax - jdmin < 0.5
