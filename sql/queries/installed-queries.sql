-- name: lock
SELECT version FROM glint.schema_version FOR UPDATE;

-- name: selectInstalled
SELECT system_key, mq_id, digest FROM glint.installed_queries;

-- name: replaceInstalled
REPLACE INTO glint.installed_queries (system_key, mq_id, digest, installed_at)
VALUES (:systemKey, :queryId, :digest, :now);
