-- name: insertDeliveries
INSERT INTO glint.deliveries (mq_id, channel, seq, outcome, delivered_at, place)
VALUES :deliveries
ON DUPLICATE KEY UPDATE
  outcome = VALUES(outcome), delivered_at = VALUES(delivered_at), place = VALUES(place)

-- name: insertDigest
INSERT INTO glint.deliveries (mq_id, channel, seq, outcome, delivered_at, place)
SELECT mq_id, 'mail', seq, :outcome, :now, :place
FROM glint.matches
WHERE mq_id = :queryId AND seq >= :fromSeq AND seq < :endSeq
ON DUPLICATE KEY UPDATE
  outcome = VALUES(outcome), delivered_at = VALUES(delivered_at), place = VALUES(place)

-- name: lockOutputs
SELECT mq_id, channel FROM glint.filter_outputs
WHERE CONDITIONS
ORDER BY mq_id, channel
FOR UPDATE

-- name: moveOutputs
UPDATE glint.filter_outputs o
JOIN (MOVES) d ON o.mq_id = d.mq_id AND o.channel = d.channel
SET o.next_seq = d.next_seq, o.nid = d.nid, o.bytes = d.bytes, o.rejected = d.rejected,
  o.sent = o.sent + d.sent, o.failures = 0, o.retry_at = NULL, o.problem = '',
  o.last_sent_at = CASE WHEN d.sent > 0 THEN :now ELSE o.last_sent_at END

-- name: recordFailure
UPDATE glint.filter_outputs
SET failures = :failures, retry_at = :retryAt, problem = :problem
WHERE mq_id = :queryId AND channel = :channel AND next_seq = :fromSeq

-- name: noteProblem
UPDATE glint.filter_outputs o
JOIN glint.filters f ON f.mq_id = o.mq_id
SET o.problem = :problem
WHERE o.active = 1 AND o.channel = :channel AND o.next_seq < f.next_seq

-- name: stopOutput
UPDATE glint.filter_outputs
SET active = 0, failures = :failures, retry_at = NULL, problem = :problem
WHERE mq_id = :queryId AND channel = :channel AND active = 1
