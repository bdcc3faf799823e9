-- What filters are on, what they matched and what was sent.

-- name: listFilters
SELECT f.mq_id, q.name, q.user_id, u.name AS owner, f.survey, q.public, f.version, f.state,
  f.state_reason, f.run, f.expires_at,
  (SELECT MAX(m.matched_at) FROM glint.matches m WHERE m.mq_id = f.mq_id AND m.seq = f.next_seq - 1)
    AS last_match_at,
  (SELECT n.passed FROM glint.filter_nights n WHERE n.mq_id = f.mq_id AND n.nid = :nid) AS tonight,
  (SELECT n.passed FROM glint.filter_nights n WHERE n.mq_id = f.mq_id AND n.nid = :nid - 1)
    AS last_night,
  (SELECT GROUP_CONCAT(o.channel ORDER BY o.channel) FROM glint.filter_outputs o
    WHERE o.mq_id = f.mq_id AND o.active = 1) AS channels,
  (SELECT COUNT(*) FROM glint.filter_outputs o
    WHERE o.mq_id = f.mq_id AND o.active = 1 AND o.problem <> '') AS problems
FROM glint.filters f
JOIN glint.queries q ON q.mq_id = f.mq_id
LEFT JOIN glint.users u ON u.user_id = q.user_id
WHERE (:isMine AND q.user_id = :readerId)
  OR (NOT :isMine AND q.public > 0 AND f.state = 'on'
    AND (:readerId IS NULL OR q.user_id <> :readerId))
ORDER BY f.state = 'off', q.name, f.mq_id
LIMIT :limit OFFSET :offset

-- name: selectMatchPage
SELECT mq_id, seq, survey, object_id, cause, `row_number`, kind, version, alert_id, observed_at,
  arrived_at, matched_at, record
FROM glint.matches
WHERE mq_id = :queryId AND seq < :before AND (:objectId = '' OR object_id = :objectId)
ORDER BY seq DESC
LIMIT :limit

-- name: selectDeliveriesOf
SELECT mq_id, seq, channel, outcome, delivered_at, place
FROM glint.deliveries
WHERE mq_id = :queryId AND seq IN (:seqs)
ORDER BY seq, channel

-- name: selectMatchesOfObject
SELECT m.mq_id, m.seq, m.survey, m.object_id, m.cause, m.`row_number`, m.kind, m.version, m.alert_id,
  m.observed_at, m.arrived_at, m.matched_at, m.record
FROM glint.matches m
JOIN glint.queries q ON q.mq_id = m.mq_id
WHERE m.object_id = :objectId AND m.survey = :survey AND (q.public > 0 OR q.user_id = :readerId)
ORDER BY m.matched_at DESC, m.mq_id, m.seq DESC
LIMIT :limit

-- name: selectLatest
-- What an annotation caused is not late for its alert.
SELECT d.channel, d.delivered_at, IF(m.kind = 'alert', m.observed_at, NULL) AS observed_at,
  m.arrived_at
FROM (
  SELECT mq_id, channel, seq, delivered_at FROM glint.deliveries
  WHERE mq_id = :queryId AND channel = :channel AND outcome = 'sent'
  ORDER BY seq DESC LIMIT :limit
) d
JOIN glint.matches m ON m.mq_id = d.mq_id AND m.seq = d.seq
WHERE m.kind <> 'backfill'

-- name: countOutcomes
SELECT channel, outcome, COUNT(*) AS count
FROM glint.deliveries
WHERE mq_id = :queryId
GROUP BY channel, outcome

-- name: selectFailures
SELECT mq_id, seq, channel, outcome, delivered_at, place
FROM glint.deliveries
WHERE mq_id = :queryId AND outcome <> 'sent'
ORDER BY delivered_at DESC, channel, seq DESC
LIMIT :limit

-- name: selectNights
SELECT nid, runs, objects, passed, past, remembered, failures, run_ms
FROM glint.filter_nights
WHERE mq_id = :queryId AND nid >= :from
ORDER BY nid

-- name: selectRetries
SELECT COUNT(*) AS batches, MIN(due_at) AS due_at, MAX(tries) AS tries,
  SUBSTRING(MAX(CONCAT(LPAD(batch_id, 20, '0'), reason)), 21) AS reason
FROM glint.filter_retries
WHERE mq_id = :queryId

-- name: countWaiting
SELECT COUNT(*) AS objects FROM glint.filter_waits WHERE mq_id = :queryId

-- name: selectNamesOf
SELECT mq_id, name, COALESCE(user_id = :readerId, 0) AS is_own FROM glint.queries
WHERE mq_id IN (:ids) AND (public > 0 OR user_id = :readerId)
