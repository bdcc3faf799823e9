-- What screens of filters go by. DB. and KEY stand for the survey's database and object id.

-- name: selectValues
SELECT CAST(KEY AS CHAR), COLUMNS FROM DB.objects WHERE KEY IN (:ids);

-- name: selectWatchlistHits
SELECT DISTINCT wl_id, CAST(KEY AS CHAR)
FROM DB.watchlist_hits
WHERE KEY IN (:ids) AND wl_id IN (:lists);

-- name: selectAreaHits
SELECT ar_id, CAST(KEY AS CHAR)
FROM DB.area_hits
WHERE KEY IN (:ids) AND ar_id IN (:lists);

-- name: selectAnnotated
SELECT topic, CAST(KEY AS CHAR)
FROM DB.annotations
WHERE KEY IN (:ids) AND topic IN (:lists);

-- name: selectStamp
SELECT
  (SELECT CONCAT_WS(' ', COUNT(*), MAX(updated_at), MAX(state_since), SUM(version), SUM(run))
   FROM glint.filters WHERE survey = :survey);

-- name: selectListStamp
SELECT
  (SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS(' ', wl_id, user_id, public, name))))
   FROM glint.watchlists),
  (SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS(' ', ar_id, user_id, public, name))))
   FROM glint.areas),
  (SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS(' ', topic, user_id, public))))
   FROM glint.annotators);
