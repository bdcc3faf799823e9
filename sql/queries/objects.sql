-- name: selectZtfObjects
SELECT COLUMNS FROM ztf.objects WHERE objectId IN (:ids);

-- name: selectLsstObjects
SELECT COLUMNS FROM lsst.objects WHERE diaObjectId IN (:ids);

-- name: selectNewestZtf
SELECT COLUMNS FROM ztf.objects ORDER BY jdmax DESC LIMIT :count;

-- name: selectNewestLsst
SELECT COLUMNS FROM lsst.objects ORDER BY lastDiaSourceMjdTai DESC LIMIT :count;

-- name: selectZtfInRanges
SELECT COLUMNS FROM ztf.objects
WHERE RANGES AND decmean BETWEEN :decLow AND :decHigh
LIMIT :count;

-- name: selectLsstInRanges
SELECT COLUMNS FROM lsst.objects
WHERE RANGES AND decl BETWEEN :decLow AND :decHigh
LIMIT :count;

-- name: selectObjectOfCandidate
SELECT objectId AS id FROM ztf.candidates WHERE candid = :candid;

-- name: selectObjectOfSource
SELECT CASE WHEN diaObjectId IS NULL OR diaObjectId = 0 THEN ssObjectId ELSE diaObjectId END AS id
FROM lsst.diaSources WHERE diaSourceId = :candid;
