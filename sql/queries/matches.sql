-- What filters passed.

-- name: lockStates
SELECT mq_id, state, version, memory_since
FROM glint.filters
WHERE mq_id IN (:queryIds)
ORDER BY mq_id
FOR UPDATE;

-- name: lockFilters
SELECT mq_id, next_seq
FROM glint.filters
WHERE mq_id IN (:queryIds)
ORDER BY mq_id
FOR UPDATE;

-- name: selectKnown
SELECT mq_id, object_id, cause, `row_number`
FROM glint.matches
WHERE (mq_id, object_id, cause) IN (:places);

-- name: selectTold
SELECT DISTINCT mq_id, object_id, cause
FROM glint.matches
WHERE object_id IN (:objectIds) AND cause IN (:causes);

-- name: insertMatches
INSERT INTO glint.matches
  (mq_id, seq, survey, object_id, cause, `row_number`, kind, version, alert_id, observed_at,
   arrived_at, matched_at, record)
VALUES :rows;

-- name: setNextSeqs
UPDATE glint.filters SET next_seq = ELT(FIELD(mq_id, :queryIds), :nextSeqs)
WHERE mq_id IN (:queryIds);

-- name: deleteOldMatches
DELETE FROM glint.matches WHERE matched_at < :before ORDER BY matched_at LIMIT 5000;

-- name: deleteOldDeliveries
DELETE FROM glint.deliveries WHERE delivered_at < :before ORDER BY delivered_at LIMIT 5000;
