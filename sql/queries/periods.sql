-- name: selectZtfHistory
SELECT version, points FROM ztf.histories WHERE objectId = :id;

-- name: selectLsstHistory
SELECT version, points FROM lsst.histories WHERE ownerKind = 0 AND ownerId = :id;

-- name: selectPeriod
SELECT computed_at AS computedAt, answer FROM glint.periods
WHERE survey = :survey AND object_id = :id AND version = :version AND definition = :definition;

-- name: replacePeriod
REPLACE INTO glint.periods (survey, object_id, version, definition, computed_at, answer)
VALUES (:survey, :id, :version, :definition, :computedAt, :answer);
