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
-- As an IN of 500 places this takes 130 ms, for the planner alone; so it takes 4.
SELECT STRAIGHT_JOIN m.mq_id, m.object_id, m.cause, m.`row_number`
FROM JSON_TABLE(:places, '$[*]' COLUMNS (
  mq_id INT PATH '$[0]',
  object_id VARCHAR(20) CHARACTER SET ascii PATH '$[1]',
  cause VARCHAR(32) CHARACTER SET ascii PATH '$[2]'
)) AS p
JOIN glint.matches AS m
  ON m.mq_id = p.mq_id AND m.object_id = p.object_id AND m.cause = p.cause;

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
