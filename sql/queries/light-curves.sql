-- name: selectCandidates
SELECT COLUMNS FROM ztf.candidates WHERE objectId = :id AND jd IS NOT NULL ORDER BY jd DESC, candid DESC;

-- name: selectNoncandidates
SELECT COLUMNS FROM ztf.noncandidates WHERE objectId = :id AND jd IS NOT NULL ORDER BY jd DESC, pid DESC;

-- name: selectForcedphot
SELECT COLUMNS FROM ztf.forcedphot WHERE objectId = :id AND jd IS NOT NULL ORDER BY jd DESC, pid DESC;

-- name: selectDiaSources
SELECT COLUMNS FROM lsst.diaSources WHERE diaObjectId = :id AND midpointMjdTai IS NOT NULL
ORDER BY midpointMjdTai DESC, diaSourceId DESC;

-- name: selectSolarSystemSources
SELECT COLUMNS FROM lsst.diaSources WHERE ssObjectId = :id AND midpointMjdTai IS NOT NULL
ORDER BY midpointMjdTai DESC, diaSourceId DESC;

-- name: selectDiaForcedSources
SELECT COLUMNS FROM lsst.diaForcedSources WHERE diaObjectId = :id AND midpointMjdTai IS NOT NULL
ORDER BY midpointMjdTai DESC, diaForcedSourceId DESC;

-- name: selectNondetectionLimits
SELECT COLUMNS FROM lsst.diaNondetectionLimits WHERE diaObjectId = :id AND midpointMjdTai IS NOT NULL
ORDER BY midpointMjdTai DESC;

-- name: selectZtfSparklines
SELECT objectId AS id, jd - 2400000.5 AS mjd, fid, magpsf AS mag FROM ztf.candidates
WHERE objectId IN (:ids) AND magpsf IS NOT NULL AND jd IS NOT NULL ORDER BY objectId, jd;

-- name: selectLsstSparklines
SELECT diaObjectId AS id, midpointMjdTai AS mjd, band, psfFlux AS flux FROM lsst.diaSources
WHERE diaObjectId IN (:ids) AND psfFlux IS NOT NULL AND midpointMjdTai IS NOT NULL
ORDER BY diaObjectId, midpointMjdTai;
