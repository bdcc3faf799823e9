-- name: selectVisibleWatchlists
SELECT wl_id AS list_key, name, user_id FROM glint.watchlists
WHERE (wl_id IN (:numbers) OR name IN (:names)) AND (public = 1 OR user_id = :userId)
ORDER BY wl_id

-- name: selectVisibleAreas
SELECT ar_id AS list_key, name, user_id FROM glint.areas
WHERE (ar_id IN (:numbers) OR name IN (:names)) AND (public = 1 OR user_id = :userId)
ORDER BY ar_id

-- name: selectVisibleAnnotators
SELECT topic AS list_key, topic AS name, user_id FROM glint.annotators
WHERE LOWER(topic) IN (:names) AND (public = 1 OR user_id = :userId)
ORDER BY topic
