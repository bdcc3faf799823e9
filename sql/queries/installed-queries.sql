-- name: lock
SELECT GET_LOCK('glint.system_queries', 60);

-- name: unlock
SELECT RELEASE_LOCK('glint.system_queries');

-- name: selectInstalled
SELECT system_key, mq_id, digest FROM glint.installed_queries;

-- name: replaceInstalled
REPLACE INTO glint.installed_queries (system_key, mq_id, digest, installed_at)
VALUES (:systemKey, :queryId, :digest, :now);
