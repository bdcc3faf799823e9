-- name: insertSession
INSERT INTO glint.sessions (session_hash, user_id, created_at, seen_at, expires_at, address, agent)
VALUES (:sessionHash, :userId, :now, :now, :expiresAt, :address, :agent);

-- name: selectSessionAccount
SELECT s.session_id, s.user_id, s.seen_at, u.name, u.role
FROM glint.sessions s
JOIN glint.users u ON u.user_id = s.user_id
WHERE s.session_hash = :sessionHash AND s.expires_at > :now AND s.seen_at > :idleSince
  AND u.disabled_at IS NULL;

-- name: touchSession
UPDATE glint.sessions SET seen_at = :now WHERE session_id = :sessionId AND seen_at < :now;

-- name: selectSessions
SELECT session_id, created_at, seen_at, expires_at, address, agent
FROM glint.sessions
WHERE user_id = :userId AND expires_at > :now AND seen_at > :idleSince
ORDER BY seen_at DESC, session_id DESC
LIMIT 100;

-- name: deleteSession
DELETE FROM glint.sessions WHERE user_id = :userId AND session_id = :sessionId;

-- name: deleteOtherSessions
DELETE FROM glint.sessions WHERE user_id = :userId AND session_id <> :sessionId;

-- name: deleteSessionsOf
DELETE FROM glint.sessions WHERE user_id = :userId;

-- name: deleteOldSessions
DELETE FROM glint.sessions WHERE expires_at <= :now OR seen_at <= :idleSince;

-- name: selectSurplusSessions
SELECT session_id FROM glint.sessions
WHERE user_id = :userId
ORDER BY seen_at DESC, session_id DESC
LIMIT 1000 OFFSET :most;

-- name: deleteSessions
DELETE FROM glint.sessions WHERE session_id IN (:sessionIds);
