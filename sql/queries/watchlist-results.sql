-- name: selectResultKeys
SELECT CAST(h.KEY AS CHAR) AS id, h.cone_id, h.name, CAST(h.arcsec AS DOUBLE) AS arcsec, SORT AS sorted
FROM DB.watchlist_hits h JOIN DB.objects o ON o.KEY = h.KEY
WHERE h.wl_id = :watchlistId
ORDER BY sorted IS NULL, sorted DIRECTION, h.arcsec, h.KEY, h.cone_id
LIMIT :count

-- name: selectResultsAfter
SELECT CAST(h.KEY AS CHAR) AS id, h.cone_id, h.name, CAST(h.arcsec AS DOUBLE) AS arcsec, NULL AS sorted
FROM DB.watchlist_hits h
WHERE h.wl_id = :watchlistId AND (h.KEY > :afterId OR (h.KEY = :afterId AND h.cone_id > :afterCone))
ORDER BY h.KEY, h.cone_id
LIMIT :count

-- name: countHitsOfLists
SELECT wl_id, COUNT(*) AS hits
FROM DB.watchlist_hits
WHERE wl_id IN (:watchlistIds)
GROUP BY wl_id

-- name: selectHitPositions
SELECT CAST(o.KEY AS CHAR) AS id, o.RA AS ra, o.DEC AS decl
FROM DB.watchlist_hits h JOIN DB.objects o ON o.KEY = h.KEY
WHERE h.wl_id = :watchlistId
GROUP BY o.KEY, o.RA, o.DEC
ORDER BY MAX(SORT) DESC
LIMIT :count

-- name: selectListsOfObject
SELECT w.wl_id, w.name, w.user_id, u.name AS owner, h.name AS source, CAST(h.arcsec AS DOUBLE) AS arcsec
FROM DB.watchlist_hits h
JOIN glint.watchlists w ON w.wl_id = h.wl_id
LEFT JOIN glint.users u ON u.user_id = w.user_id
WHERE h.KEY = :id AND (w.public = 1 OR w.user_id = :readerId)
ORDER BY w.user_id = :readerId DESC, w.name, h.arcsec
LIMIT :count
