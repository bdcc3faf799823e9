-- Alerts of past nights. LAST and FIRST stand for the columns of objects that say when one was seen
-- last and first, ALERTS for the table of detections, ALERT_ID for its key, OBSERVED for its time.

-- name: countSeen
SELECT COUNT(*) AS objects FROM DB.objects WHERE LAST >= :from AND FIRST < :to

-- name: sampleSeen
SELECT CAST(KEY AS CHAR) AS id FROM DB.objects
WHERE LAST >= :from AND FIRST < :to AND MOD(CRC32(KEY), :every) = 0
ORDER BY CRC32(KEY), KEY

-- name: findPageEnd
SELECT LAST FROM DB.objects WHERE LAST > :after AND LAST >= :from
ORDER BY LAST LIMIT 1 OFFSET :count

-- name: selectSeenPage
SELECT CAST(KEY AS CHAR) AS id FROM DB.objects
WHERE LAST > :after AND LAST >= :from AND LAST <= :end AND FIRST < :to
ORDER BY LAST, KEY

-- name: selectPastAlerts
SELECT CAST(d.KEY AS CHAR), CAST(d.ALERT_ID AS CHAR), d.OBSERVED, a.sent_at
FROM DB.ALERTS d
LEFT JOIN DB.arrivals a ON a.ALERT_ID = d.ALERT_ID
WHERE d.KEY IN (:ids) AND d.hasalert = 1 AND d.OBSERVED >= :from AND d.OBSERVED < :to
ORDER BY d.OBSERVED, d.ALERT_ID

-- name: selectNewestAlerts
SELECT CAST(d.KEY AS CHAR), CAST(d.ALERT_ID AS CHAR), d.OBSERVED, a.sent_at
FROM DB.ALERTS d
LEFT JOIN DB.arrivals a ON a.ALERT_ID = d.ALERT_ID
WHERE d.KEY = :id AND d.OBSERVED < :before
ORDER BY d.OBSERVED DESC, d.ALERT_ID DESC
LIMIT :limit

-- name: selectLastAlerts
SELECT object_id, alert_id, observed, sent_at FROM (
  SELECT CAST(d.KEY AS CHAR) AS object_id, CAST(d.ALERT_ID AS CHAR) AS alert_id,
    d.OBSERVED AS observed, a.sent_at,
    ROW_NUMBER() OVER (PARTITION BY d.KEY ORDER BY d.OBSERVED DESC, d.ALERT_ID DESC) AS place
  FROM DB.ALERTS d
  LEFT JOIN DB.arrivals a ON a.ALERT_ID = d.ALERT_ID
  WHERE d.KEY IN (:ids) AND d.hasalert = 1
) AS placed
WHERE place = 1

-- name: selectAlert
SELECT CAST(d.KEY AS CHAR), CAST(d.ALERT_ID AS CHAR), d.OBSERVED, a.sent_at
FROM DB.ALERTS d
LEFT JOIN DB.arrivals a ON a.ALERT_ID = d.ALERT_ID
WHERE d.ALERT_ID = :alertId
