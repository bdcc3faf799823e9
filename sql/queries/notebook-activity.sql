-- name: selectActivity
SELECT p.id, p.user, p.command, p.time AS seconds, p.memory_used AS memory,
  COALESCE(TIMESTAMPDIFF(SECOND, CONVERT_TZ(t.trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()), -1) AS transaction_seconds,
  COALESCE(t.trx_lock_structs, 0) AS locks
FROM information_schema.processlist AS p
LEFT JOIN information_schema.innodb_trx AS t ON t.trx_mysql_thread_id = p.id
WHERE p.user LIKE :pattern;

-- name: selectActivityOfMySql
SELECT p.id, p.user, p.command, p.time AS seconds, 0 AS memory,
  COALESCE(TIMESTAMPDIFF(SECOND, CONVERT_TZ(t.trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()), -1) AS transaction_seconds,
  COALESCE(t.trx_lock_structs, 0) AS locks
FROM performance_schema.processlist AS p
LEFT JOIN information_schema.innodb_trx AS t ON t.trx_mysql_thread_id = p.id
WHERE p.user LIKE :pattern;

-- name: selectPressure
SELECT @@GLOBAL.max_connections AS connections, @@GLOBAL.max_prepared_stmt_count AS statements,
  EXISTS (
    SELECT 1 FROM information_schema.processlist
    WHERE state LIKE 'Waiting for table %lock' AND time >= :seconds AND user NOT LIKE :pattern
  ) AS is_waited_for;

-- name: showPrepared
SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count';
