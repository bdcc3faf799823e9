-- name: upsertProcess
INSERT INTO glint.processes (process, kind, started_at, seen_at, state)
VALUES (:process, :kind, :startedAt, :seenAt, :state)
ON DUPLICATE KEY UPDATE
  kind = VALUES(kind), started_at = VALUES(started_at), seen_at = VALUES(seen_at), state = VALUES(state);

-- name: selectAliveProcesses
SELECT process, kind, started_at, seen_at, state
FROM glint.processes
WHERE seen_at >= :since
ORDER BY kind, process;

-- name: deleteProcess
DELETE FROM glint.processes WHERE process = :process;

-- name: deleteStaleProcesses
DELETE FROM glint.processes WHERE seen_at < :before;
