-- name: selectNightTotals
SELECT survey, SUM(received) AS received, SUM(stored) AS stored, SUM(known) AS known,
  SUM(dead_lettered) AS deadLettered
FROM glint.ledger WHERE nid = :nid GROUP BY survey ORDER BY survey;

-- name: selectAllTotals
SELECT survey, SUM(received) AS received, SUM(stored) AS stored, SUM(known) AS known,
  SUM(dead_lettered) AS deadLettered
FROM glint.ledger GROUP BY survey ORDER BY survey;

-- name: selectNightPartitions
SELECT survey, topic, partition_id AS partitionId, received, stored, known,
  dead_lettered AS deadLettered
FROM glint.ledger WHERE nid = :nid ORDER BY survey, topic, partition_id;

-- name: selectNights
SELECT nid, SUM(received) AS received, SUM(stored) AS stored, SUM(known) AS known,
  SUM(dead_lettered) AS deadLettered
FROM glint.ledger GROUP BY nid ORDER BY nid DESC LIMIT 30;

-- name: selectRecentBatches
SELECT survey, COUNT(*) AS batches, SUM(received) AS received,
  MAX(kafka_delay_max_ms) AS kafkaDelayMaxMs,
  SUM(kafka_delay_ms * received) / NULLIF(SUM(IF(kafka_delay_ms IS NULL, 0, received)), 0)
    AS kafkaDelayMs,
  SUM(observation_delay_s * received) / NULLIF(SUM(IF(observation_delay_s IS NULL, 0, received)), 0)
    AS observationDelayS,
  MAX(committed_at) AS lastCommit
FROM glint.batches WHERE committed_at >= :since GROUP BY survey ORDER BY survey;

-- name: selectMinutes
SELECT survey, FLOOR(UNIX_TIMESTAMP(committed_at) / :step) AS bin, SUM(received) AS received
FROM glint.batches WHERE committed_at >= :from AND committed_at < :to
GROUP BY survey, bin ORDER BY bin, survey;

-- name: selectDeadLetterCounts
SELECT survey, fault, state, COUNT(*) AS count, MAX(arrived_at) AS lastArrived
FROM glint.dead_letters GROUP BY survey, fault, state ORDER BY count DESC;

-- name: selectRecentDeadLetters
SELECT dead_letter_id AS deadLetterId, survey, topic, partition_id AS partitionId,
  message_offset AS messageOffset, fault, reason, arrived_at AS arrivedAt, state
FROM glint.dead_letters ORDER BY dead_letter_id DESC LIMIT 10;

-- name: selectLatestJobRuns
SELECT r.job, r.process, r.started_at AS startedAt, r.ended_at AS endedAt, r.outcome, r.succeeded
FROM glint.job_runs r
JOIN (SELECT job, MAX(started_at) AS started_at FROM glint.job_runs GROUP BY job) latest
  ON latest.job = r.job AND latest.started_at = r.started_at
ORDER BY r.job;

-- name: selectJobRuns
SELECT job, process, started_at AS startedAt, ended_at AS endedAt, outcome, succeeded
FROM glint.job_runs
WHERE :job IS NULL OR job = :job
ORDER BY started_at DESC, run_id DESC
LIMIT :count;

-- name: selectOffsets
SELECT survey, topic, partition_id AS partitionId, next_offset AS nextOffset,
  updated_at AS updatedAt
FROM glint.stream_offsets WHERE updated_at >= :since AND survey <> 'glint' ORDER BY survey, topic, partition_id;
