-- name: selectDue
SELECT o.mq_id, o.channel, o.settings, o.secret, o.next_seq, f.next_seq AS end_seq, o.failures,
  o.nid, o.bytes, o.rejected, o.last_sent_at, f.user_id, f.survey, f.version, q.name, q.public,
  u.name AS owner, u.email, u.disabled_at IS NOT NULL AS is_disabled
FROM glint.filter_outputs o
JOIN glint.filters f ON f.mq_id = o.mq_id
JOIN glint.queries q ON q.mq_id = o.mq_id
JOIN glint.users u ON u.user_id = f.user_id
WHERE o.active = 1 AND o.next_seq < f.next_seq AND (o.retry_at IS NULL OR o.retry_at <= :now)
  -- What waits for the webhook of a disabled account goes on waiting.
  AND (u.disabled_at IS NULL OR o.channel <> 'webhook')

-- name: selectRanges
SELECT mq_id, seq, survey, object_id, cause, `row_number`, kind, version, alert_id, observed_at,
  arrived_at, matched_at, record
FROM glint.matches
WHERE RANGES
ORDER BY mq_id, seq

-- name: selectAfter
SELECT mq_id, seq, survey, object_id, cause, `row_number`, kind, version, alert_id, observed_at,
  arrived_at, matched_at, record
FROM glint.matches
WHERE mq_id = :queryId AND seq > :after
ORDER BY seq
LIMIT :count

-- name: selectNewest
SELECT mq_id, seq, survey, object_id, cause, `row_number`, kind, version, alert_id, observed_at,
  arrived_at, matched_at, record
FROM glint.matches
WHERE mq_id = :queryId
ORDER BY seq DESC
LIMIT :count

-- name: selectBacklog
SELECT COUNT(*) AS matches, MIN(matched_at) AS oldest_at
FROM glint.matches
WHERE mq_id = :queryId AND seq >= :fromSeq AND seq < :endSeq

-- name: selectEnds
SELECT f.mq_id, f.next_seq, q.user_id, q.public
FROM glint.filters f
JOIN glint.queries q ON q.mq_id = f.mq_id
WHERE f.mq_id IN (:queryIds)

-- name: selectUnsubscribe
SELECT o.mq_id, o.secret, o.active, q.name
FROM glint.filter_outputs o
JOIN glint.queries q ON q.mq_id = o.mq_id
WHERE o.mq_id = :queryId AND o.channel = 'mail'
