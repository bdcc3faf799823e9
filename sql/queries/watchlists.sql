-- name: selectWatchlist
SELECT w.wl_id, w.user_id, u.name AS owner, w.name, w.description, w.active, w.public,
  CAST(w.radius AS DOUBLE) AS radius, w.version, w.created_at, w.updated_at, w.sources
FROM glint.watchlists w LEFT JOIN glint.users u ON u.user_id = w.user_id
WHERE w.wl_id = :listId

-- name: listWatchlists
SELECT w.wl_id, w.user_id, u.name AS owner, w.name, w.description, w.active, w.public,
  CAST(w.radius AS DOUBLE) AS radius, w.version, w.created_at, w.updated_at, w.sources
FROM glint.watchlists w LEFT JOIN glint.users u ON u.user_id = w.user_id
WHERE (w.user_id = :ownerId OR (:withPublic = 1 AND w.public = 1))
  AND (w.name LIKE :find OR w.description LIKE :find OR u.name LIKE :find)
ORDER BY CASE WHEN w.user_id = :ownerId THEN 0 ELSE 1 END,
  CASE :sort WHEN 'updated' THEN -UNIX_TIMESTAMP(w.updated_at) WHEN 'size' THEN -w.sources ELSE 0 END,
  w.name, w.wl_id
LIMIT :limit OFFSET :offset

-- name: countWatchlists
SELECT COUNT(*) AS count
FROM glint.watchlists w LEFT JOIN glint.users u ON u.user_id = w.user_id
WHERE (w.user_id = :ownerId OR (:withPublic = 1 AND w.public = 1))
  AND (w.name LIKE :find OR w.description LIKE :find OR u.name LIKE :find)

-- name: lockWatchlist
SELECT wl_id FROM glint.watchlists WHERE wl_id = :listId FOR UPDATE

-- name: selectNames
SELECT wl_id AS list_id, name FROM glint.watchlists WHERE user_id = :userId
