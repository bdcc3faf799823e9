-- name: insertJobRun
INSERT INTO glint.job_runs (job, process, started_at) VALUES (:job, :process, :startedAt);

-- name: endJobRun
UPDATE glint.job_runs
SET ended_at = :endedAt, outcome = :outcome, succeeded = :succeeded
WHERE run_id = :runId;

-- name: selectHasRunSince
SELECT 1 AS found FROM glint.job_runs WHERE job = :job AND started_at >= :since LIMIT 1;

-- name: deleteOldJobRuns
DELETE FROM glint.job_runs WHERE started_at < :before;

-- name: deleteOldBatches
DELETE FROM glint.batches WHERE committed_at < :before LIMIT 10000;
