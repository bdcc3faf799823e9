-- Runs of filters over past nights.

-- name: insertBackfill
INSERT INTO glint.backfills (mq_id, version, first_nid, last_nid, state, next_key, objects, passed,
  problem, created_at)
VALUES (:queryId, :version, :first, :last, 'waiting', '', 0, 0, '', :now)

-- name: selectBackfills
SELECT backfill_id, mq_id, version, first_nid, last_nid, state, next_key, objects, passed, problem,
  created_at, ended_at
FROM glint.backfills
WHERE mq_id = :queryId
ORDER BY backfill_id DESC
LIMIT :limit

-- name: selectOpenBackfills
SELECT backfill_id, mq_id, version, first_nid, last_nid, state, next_key, objects, passed, problem,
  created_at, ended_at
FROM glint.backfills
WHERE state IN ('running', 'waiting')
ORDER BY backfill_id

-- name: selectBackfill
SELECT backfill_id, mq_id, version, first_nid, last_nid, state, next_key, objects, passed, problem,
  created_at, ended_at
FROM glint.backfills
WHERE backfill_id = :backfillId

-- name: lockBackfill
SELECT state, next_key FROM glint.backfills WHERE backfill_id = :backfillId FOR UPDATE

-- name: advanceBackfill
UPDATE glint.backfills
SET state = 'running', next_key = :nextKey, objects = objects + :objects, passed = passed + :passed
WHERE backfill_id = :backfillId

-- name: endOpenBackfills
UPDATE glint.backfills
SET state = 'failed', problem = :problem, ended_at = :now
WHERE mq_id = :queryId AND state IN ('waiting', 'running')

-- name: countOpenBackfills
SELECT COUNT(*) AS count FROM glint.backfills
WHERE mq_id = :queryId AND state IN ('waiting', 'running')

-- name: endBackfill
UPDATE glint.backfills
SET state = :state, problem = :problem, ended_at = :now
WHERE backfill_id = :backfillId AND state IN ('waiting', 'running')
