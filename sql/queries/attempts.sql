-- name: selectAttempts
SELECT attempt_key, failures, last_at, blocked_until, succeeded_at
FROM glint.attempts
WHERE attempt_key IN (:keys);

-- name: ensureAttempts
INSERT IGNORE INTO glint.attempts (attempt_key, failures, last_at) VALUES :rows;

-- name: lockAttempts
SELECT attempt_key, failures, last_at, blocked_until, succeeded_at
FROM glint.attempts
WHERE attempt_key IN (:keys)
ORDER BY attempt_key
FOR UPDATE;

-- name: countFailure
UPDATE glint.attempts
SET failures = :failures, last_at = :now, blocked_until = :blockedUntil
WHERE attempt_key = :key;

-- name: forgive
UPDATE glint.attempts
SET failures = 0, blocked_until = NULL, succeeded_at = :now
WHERE attempt_key IN (:keys);

-- name: takeBack
UPDATE glint.attempts
SET failures = IF(failures > 0, failures - 1, 0), blocked_until = NULL
WHERE attempt_key IN (:keys);

-- name: deleteOldAttempts
DELETE FROM glint.attempts
WHERE last_at < :before AND (succeeded_at IS NULL OR succeeded_at < :knownBefore);
