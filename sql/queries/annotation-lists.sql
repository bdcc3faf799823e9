-- name: selectObjectNewest
SELECT CAST(a.annotationID AS CHAR) AS annotationID, a.topic, CAST(a.KEY AS CHAR) AS objectId,
  a.version, a.timestamp, a.classification, a.explanation, a.classdict, a.url
FROM DB.annotations a JOIN glint.annotators r ON r.topic = a.topic
WHERE a.KEY = :objectId AND (r.public = 1 OR r.user_id = :readerId)
ORDER BY a.timestamp DESC, a.annotationID DESC
LIMIT :limit

-- name: selectHistory
SELECT CAST(a.annotationID AS CHAR) AS annotationID, a.topic, CAST(a.KEY AS CHAR) AS objectId,
  a.version, a.timestamp, a.classification, a.explanation, a.classdict, a.url
FROM DB.annotation_history a JOIN glint.annotators r ON r.topic = a.topic
WHERE (:objectId IS NULL OR a.KEY = :objectId) AND (:topic IS NULL OR a.topic = :topic)
  AND (r.public = 1 OR r.user_id = :readerId)
  AND (:before IS NULL OR a.annotationID < :before)
  AND (:since IS NULL OR a.timestamp >= :since)
ORDER BY a.annotationID DESC
LIMIT :limit

-- name: selectNewestList
SELECT CAST(a.annotationID AS CHAR) AS annotationID, a.topic, CAST(a.KEY AS CHAR) AS objectId,
  a.version, a.timestamp, a.classification, a.explanation, a.classdict, a.url
FROM DB.annotations a JOIN glint.annotators r ON r.topic = a.topic
WHERE (:objectId IS NULL OR a.KEY = :objectId) AND (:topic IS NULL OR a.topic = :topic)
  AND (r.public = 1 OR r.user_id = :readerId)
  AND (:since IS NULL OR a.timestamp >= :since)
  AND (:before IS NULL OR a.annotationID < :before)
ORDER BY a.annotationID DESC
LIMIT :limit

-- name: countDays
SELECT DATE_FORMAT(timestamp, '%Y-%m-%d') AS day, COUNT(*) AS count
FROM DB.annotation_history
WHERE topic = :topic AND timestamp >= :since
GROUP BY day ORDER BY day

-- name: countHistory
SELECT COUNT(*) AS count FROM DB.annotation_history WHERE topic = :topic
