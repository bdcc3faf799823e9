-- name: selectQuery
SELECT q.mq_id, q.user_id, u.name AS owner, q.name, q.description, q.survey, q.source, q.fields,
  q.public, q.version, q.created_at, q.updated_at, i.system_key
FROM glint.queries q
LEFT JOIN glint.users u ON u.user_id = q.user_id
LEFT JOIN glint.installed_queries i ON i.mq_id = q.mq_id
WHERE q.mq_id = :queryId

-- name: listQueries
SELECT q.mq_id, q.user_id, u.name AS owner, q.name, q.description, q.survey,
  LEFT(COALESCE(
    JSON_UNQUOTE(JSON_EXTRACT(q.source, '$.text')),
    CONCAT('SELECT ', JSON_UNQUOTE(JSON_EXTRACT(q.source, '$.selected')))
  ), 500) AS beginning,
  q.public, q.version, q.created_at, q.updated_at
FROM glint.queries q
LEFT JOIN glint.users u ON u.user_id = q.user_id
WHERE (q.user_id = :ownerId OR q.public IN (:levels))
  AND (q.name LIKE :find OR q.description LIKE :find OR u.name LIKE :find)
ORDER BY CASE WHEN :byName THEN q.name END, q.updated_at DESC, q.mq_id DESC
LIMIT :limit OFFSET :offset

-- name: selectSystemQueries
SELECT q.mq_id, q.user_id, u.name AS owner, q.name, q.description, q.survey, q.source, q.fields,
  q.public, q.version, q.created_at, q.updated_at, i.system_key
FROM glint.queries q
LEFT JOIN glint.users u ON u.user_id = q.user_id
LEFT JOIN glint.installed_queries i ON i.mq_id = q.mq_id
WHERE q.public = 2
ORDER BY q.name, q.mq_id

-- name: selectVersions
SELECT v.mq_id, v.version, v.user_id, u.name AS author, v.created_at, v.note
FROM glint.query_versions v
LEFT JOIN glint.users u ON u.user_id = v.user_id
WHERE v.mq_id = :queryId
ORDER BY v.version DESC

-- name: selectVersion
SELECT v.mq_id, v.version, v.user_id, u.name AS author, v.created_at, v.note,
  v.name, v.description, v.survey, v.source, v.fields
FROM glint.query_versions v
LEFT JOIN glint.users u ON u.user_id = v.user_id
WHERE v.mq_id = :queryId AND v.version = :version
