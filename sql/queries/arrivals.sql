-- How alerts came. The topic's number is kept, not its name.

-- name: insertTopics
INSERT IGNORE INTO glint.arrival_topics (topic) VALUES :rows;

-- name: selectTopics
SELECT topic_id, topic FROM glint.arrival_topics WHERE topic IN (:topics);

-- name: selectZtf
SELECT CAST(a.candid AS CHAR) AS alert_id, a.object_id, t.topic, a.partition_id,
  a.message_offset, a.sent_at, a.stored_at, a.batch_id
FROM ztf.arrivals AS a LEFT JOIN glint.arrival_topics AS t ON t.topic_id = a.topic_id
WHERE a.candid IN (:alertIds);

-- name: selectLsst
SELECT CAST(a.diaSourceId AS CHAR) AS alert_id, a.object_id, t.topic, a.partition_id,
  a.message_offset, a.sent_at, a.stored_at, a.batch_id
FROM lsst.arrivals AS a LEFT JOIN glint.arrival_topics AS t ON t.topic_id = a.topic_id
WHERE a.diaSourceId IN (:alertIds);
