-- Alerts that wait for annotations. DB. and KEY stand for the survey's database and object id.

-- name: selectOfObjects
SELECT mq_id, object_id, alerts, since, until
FROM glint.filter_waits
WHERE survey = :survey AND object_id IN (:objectIds);

-- name: selectOverdue
SELECT mq_id, object_id, alerts, since, until
FROM glint.filter_waits
WHERE until <= :now AND survey = :survey
ORDER BY until
LIMIT :count;

-- name: lockWaits
SELECT mq_id, object_id, alerts, since, until
FROM glint.filter_waits
WHERE (mq_id, object_id) IN (:places)
FOR UPDATE;

-- name: saveWaits
INSERT INTO glint.filter_waits (mq_id, survey, object_id, alerts, since, until)
VALUES :rows
ON DUPLICATE KEY UPDATE alerts = VALUES(alerts), since = VALUES(since), until = VALUES(until);

-- name: deleteWaits
DELETE FROM glint.filter_waits WHERE (mq_id, object_id) IN (:places);

-- name: deleteAll
DELETE FROM glint.filter_waits WHERE mq_id = :queryId;

-- name: selectAnnotationTimes
SELECT topic, CAST(KEY AS CHAR), timestamp
FROM DB.annotations
WHERE topic IN (:topics) AND KEY IN (:ids);
