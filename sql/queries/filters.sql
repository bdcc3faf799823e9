-- name: selectActiveFilters
SELECT mq_id, user_id, survey, version, run, state, state_reason, state_since, wait_minutes, memory,
  memory_days, memory_column, memory_by, memory_since, next_seq, dry_run, created_at, updated_at,
  expires_at
FROM glint.filters
WHERE state = 'on' AND survey = :survey
ORDER BY mq_id

-- name: selectFilter
SELECT mq_id, user_id, survey, version, run, state, state_reason, state_since, wait_minutes, memory,
  memory_days, memory_column, memory_by, memory_since, next_seq, dry_run, created_at, updated_at,
  expires_at
FROM glint.filters
WHERE mq_id = :queryId

-- name: lockFilter
SELECT mq_id FROM glint.filters WHERE mq_id = :queryId FOR UPDATE

-- name: selectExpiring
SELECT mq_id, user_id, survey, version, run, state, state_reason, state_since, wait_minutes, memory,
  memory_days, memory_column, memory_by, memory_since, next_seq, dry_run, created_at, updated_at,
  expires_at
FROM glint.filters
WHERE state <> 'off' AND expires_at <= :before
ORDER BY expires_at, mq_id

-- name: insertFilter
INSERT INTO glint.filters (mq_id, user_id, survey, version, run, state, state_reason, state_since,
  wait_minutes, memory, memory_since, next_seq, created_at, updated_at)
VALUES (:queryId, :userId, :survey, :version, 1, 'off', '', :now, 0, 'every', :now, 1, :now, :now)
ON DUPLICATE KEY UPDATE mq_id = mq_id

-- name: updateSettings
UPDATE glint.filters
SET run = :run, wait_minutes = :waitMinutes, memory = :memory, memory_days = :memoryDays,
  memory_column = :memoryColumn, memory_by = :memoryBy, updated_at = :now
WHERE mq_id = :queryId

-- name: updateVersion
UPDATE glint.filters
SET version = :version, survey = :survey,
  memory_since = CASE WHEN :clear THEN :now ELSE memory_since END, updated_at = :now
WHERE mq_id = :queryId

-- name: updateState
UPDATE glint.filters
SET state = :state, state_reason = :reason, state_since = :now, expires_at = :expiresAt
WHERE mq_id = :queryId

-- name: pauseFilter
UPDATE glint.filters
SET state = 'paused', state_reason = :reason, state_since = :now
WHERE mq_id = :queryId AND state = 'on'

-- name: pauseFiltersOf
UPDATE glint.filters
SET state = 'paused', state_reason = :reason, state_since = :now
WHERE user_id = :userId AND state = 'on'

-- name: countOn
SELECT COUNT(*) AS count FROM glint.filters
WHERE user_id = :userId AND state <> 'off' AND mq_id <> :queryId

-- name: updateExpiry
UPDATE glint.filters SET expires_at = :expiresAt WHERE mq_id = :queryId

-- name: updateDryRun
UPDATE glint.filters SET dry_run = :dryRun WHERE mq_id = :queryId

-- name: endRetries
DELETE FROM glint.filter_retries WHERE mq_id = :queryId

-- name: endWaits
DELETE FROM glint.filter_waits WHERE mq_id = :queryId

-- name: endBackfills
UPDATE glint.backfills SET state = 'ended', ended_at = :now
WHERE mq_id = :queryId AND state IN ('waiting', 'running')

-- name: deleteFilter
DELETE FROM glint.filters WHERE mq_id = :queryId

-- name: deleteOutputs
DELETE FROM glint.filter_outputs WHERE mq_id = :queryId

-- name: deleteMemory
DELETE FROM glint.filter_memory WHERE mq_id = :queryId

-- name: deleteMatches
DELETE FROM glint.matches WHERE mq_id = :queryId

-- name: deleteDeliveries
DELETE FROM glint.deliveries WHERE mq_id = :queryId

-- name: deleteNights
DELETE FROM glint.filter_nights WHERE mq_id = :queryId

-- name: deleteBackfills
DELETE FROM glint.backfills WHERE mq_id = :queryId

-- name: selectIdsOfOwner
SELECT mq_id FROM glint.filters WHERE user_id = :userId ORDER BY mq_id
