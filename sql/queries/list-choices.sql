-- name: selectListChoices
(SELECT 'watchlist' AS token, CAST(wl_id AS CHAR) AS `key`, name, user_id = :userId AS isOwn
 FROM glint.watchlists WHERE public = 1 OR user_id = :userId
 ORDER BY isOwn DESC, name, wl_id LIMIT :most)
UNION ALL
(SELECT 'area', CAST(ar_id AS CHAR), name, user_id = :userId AS isOwn
 FROM glint.areas WHERE public = 1 OR user_id = :userId
 ORDER BY isOwn DESC, name, ar_id LIMIT :most)
UNION ALL
(SELECT 'annotator', topic, topic, user_id = :userId AS isOwn
 FROM glint.annotators WHERE public = 1 OR user_id = :userId
 ORDER BY isOwn DESC, topic LIMIT :most);
