-- name: selectNewestByHits
SELECT h.KEY AS id, o.SEEN AS seen
FROM DB.area_hits h JOIN DB.objects o ON o.KEY = h.KEY
WHERE h.ar_id = :watchmapId
ORDER BY o.SEEN DESC, h.KEY LIMIT :limit

-- name: selectNewestByObjects
SELECT STRAIGHT_JOIN o.KEY AS id, o.SEEN AS seen
FROM DB.objects o JOIN DB.area_hits h ON h.KEY = o.KEY AND h.ar_id = :watchmapId
ORDER BY o.SEEN DESC LIMIT :limit

-- name: countHitsOfMaps
SELECT ar_id, COUNT(*) AS count FROM DB.area_hits WHERE ar_id IN (:ids) GROUP BY ar_id

-- name: selectWatchmapsOfObject
SELECT a.ar_id, a.name, u.name AS owner, a.user_id
FROM DB.area_hits h
JOIN glint.areas a ON a.ar_id = h.ar_id
LEFT JOIN glint.users u ON u.user_id = a.user_id
WHERE h.KEY = :key AND (a.public = 1 OR a.user_id = :readerId)
ORDER BY CASE WHEN a.user_id = :readerId THEN 0 ELSE 1 END, a.name, a.ar_id LIMIT :limit
