-- name: selectNewest
SELECT topic, CAST(KEY AS CHAR) AS objectId, CAST(annotationID AS CHAR) AS annotationID, version,
  classification, explanation, classdict, url, timestamp
FROM DB.annotations
WHERE topic = :topic AND KEY IN (:objects)

-- name: insertHistory
INSERT INTO DB.annotation_history (KEY, topic, version, timestamp, classification, explanation,
  classdict, url)
VALUES :rows

-- name: selectNumbers
SELECT CAST(KEY AS CHAR) AS objectId, CAST(annotationID AS CHAR) AS annotationID
FROM DB.annotation_history
WHERE topic = :topic AND KEY IN (:objects) AND annotationID >= :first
ORDER BY annotationID

-- name: replaceNewest
REPLACE INTO DB.annotations (annotationID, KEY, topic, version, timestamp, classification,
  explanation, classdict, url)
VALUES :rows

-- name: selectKnownObjects
SELECT CAST(KEY AS CHAR) AS objectId FROM DB.objects WHERE KEY IN (:objects)

-- name: deleteSome
DELETE FROM DB.annotations WHERE topic = :topic LIMIT :most

-- name: deleteSomeHistory
DELETE FROM DB.annotation_history WHERE topic = :topic LIMIT :most
