-- name: deleteZtfCrossmatches
DELETE FROM ztf.sherlock_crossmatches WHERE objectId IN (:ids);

-- name: deleteLsstCrossmatches
DELETE FROM lsst.sherlock_crossmatches WHERE diaObjectId IN (:ids);

-- name: selectZtfNewestAlerts
SELECT c.objectId, COLUMNS
FROM (
  SELECT MAX(candid) AS candid FROM ztf.candidates
  WHERE objectId IN (:ids) AND hasalert = 1 GROUP BY objectId
) newest
JOIN ztf.candidates c ON c.candid = newest.candid;

-- name: selectLsstNewestAlerts
SELECT c.diaObjectId, COLUMNS
FROM (
  SELECT MAX(diaSourceId) AS diaSourceId FROM lsst.diaSources
  WHERE diaObjectId IN (:ids) AND hasalert = 1 GROUP BY diaObjectId
) newest
JOIN lsst.diaSources c ON c.diaSourceId = newest.diaSourceId;
