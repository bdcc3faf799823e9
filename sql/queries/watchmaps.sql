-- name: selectWatchmap
SELECT a.ar_id, a.user_id, u.name AS owner, a.name, a.description, a.active, a.public,
  CAST(a.square_degrees AS DOUBLE) AS square_degrees, a.version, m.max_order, m.ranges,
  a.created_at, a.updated_at
FROM glint.areas a
LEFT JOIN glint.area_mocs m ON m.ar_id = a.ar_id AND m.part = 0
LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE a.ar_id = :listId

-- name: listWatchmaps
SELECT a.ar_id, a.user_id, u.name AS owner, a.name, a.description, a.active, a.public,
  CAST(a.square_degrees AS DOUBLE) AS square_degrees, a.version, m.max_order, m.ranges,
  a.created_at, a.updated_at
FROM glint.areas a
LEFT JOIN glint.area_mocs m ON m.ar_id = a.ar_id AND m.part = 0
LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE (a.user_id = :ownerId OR (:withPublic = 1 AND a.public = 1))
  AND (a.name LIKE :find OR a.description LIKE :find OR u.name LIKE :find)
ORDER BY CASE WHEN a.user_id = :ownerId THEN 0 ELSE 1 END,
  CASE :sort
    WHEN 'updated' THEN -UNIX_TIMESTAMP(a.updated_at)
    WHEN 'size' THEN -COALESCE(a.square_degrees, 0)
    ELSE 0 END,
  a.name, a.ar_id
LIMIT :limit OFFSET :offset

-- name: countWatchmaps
SELECT COUNT(*) AS count
FROM glint.areas a LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE (a.user_id = :ownerId OR (:withPublic = 1 AND a.public = 1))
  AND (a.name LIKE :find OR a.description LIKE :find OR u.name LIKE :find)

-- name: lockWatchmap
SELECT ar_id FROM glint.areas WHERE ar_id = :listId FOR UPDATE

-- name: selectNames
SELECT ar_id AS list_id, name FROM glint.areas WHERE user_id = :userId

-- name: selectMoc
SELECT a.version, m.max_order, m.moc
FROM glint.areas a JOIN glint.area_mocs m ON m.ar_id = a.ar_id
WHERE a.ar_id = :watchmapId ORDER BY m.part

-- name: selectActive
SELECT ar_id, version FROM glint.areas WHERE active = 1

-- name: holdWatchmap
SELECT version FROM glint.areas WHERE ar_id = :watchmapId LOCK IN SHARE MODE
