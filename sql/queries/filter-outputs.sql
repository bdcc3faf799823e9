-- name: selectOutputs
SELECT mq_id, channel, active, settings, secret, next_seq, failures, retry_at, problem, nid, bytes,
  rejected, sent, last_sent_at
FROM glint.filter_outputs
WHERE mq_id = :queryId
ORDER BY channel

-- name: saveOutput
INSERT INTO glint.filter_outputs (mq_id, channel, active, settings, secret, next_seq, failures,
  problem, nid, bytes, rejected, sent)
SELECT mq_id, :channel, 1, :settings, :secret, next_seq, 0, '', 0, 0, 0, 0
FROM glint.filters f WHERE f.mq_id = :queryId
ON DUPLICATE KEY UPDATE
  next_seq = CASE WHEN active = 1 THEN glint.filter_outputs.next_seq ELSE f.next_seq END,
  failures = 0, retry_at = NULL, problem = '',
  active = 1, settings = VALUES(settings), secret = COALESCE(secret, VALUES(secret))

-- name: endOutput
UPDATE glint.filter_outputs
SET active = 0, failures = 0, retry_at = NULL, problem = ''
WHERE mq_id = :queryId AND channel = :channel

-- name: noteOutputProblem
UPDATE glint.filter_outputs
SET problem = :problem
WHERE mq_id = :queryId AND channel = :channel AND active = 1
