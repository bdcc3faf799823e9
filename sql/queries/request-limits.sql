-- name: countRequest
INSERT INTO glint.request_counts (user_id, slot, minute, requests)
VALUES (:userId, :slot, :minute, LAST_INSERT_ID(1))
ON DUPLICATE KEY UPDATE
  requests = LAST_INSERT_ID(IF(minute = VALUES(minute), requests + 1, 1)),
  minute = VALUES(minute);

-- name: uncountRequest
UPDATE glint.request_counts SET requests = requests - 1
WHERE user_id = :userId AND slot = :slot AND minute = :minute AND requests > 0;

-- name: selectEarlierRequests
SELECT minute, requests FROM glint.request_counts
WHERE user_id = :userId AND minute > :after AND minute < :minute AND requests > 0
ORDER BY minute;
