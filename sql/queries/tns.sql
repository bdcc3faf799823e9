-- name: selectByIdOrName
SELECT COLUMNS FROM DB.crossmatch_tns WHERE id IN (:ids) OR tns_name IN (:names)

-- name: selectById
SELECT id, tns_name FROM DB.crossmatch_tns WHERE id IN (:ids)

-- name: deleteEntries
DELETE FROM DB.crossmatch_tns WHERE id IN (:ids)

-- name: selectIdsKnownBefore
SELECT id FROM DB.crossmatch_tns
WHERE id > :after AND COALESCE(lastmodified_date, lasairmodified_date) < :before
ORDER BY id
LIMIT :count

-- name: selectNamesChangedSince
SELECT id, tns_name FROM DB.crossmatch_tns
WHERE id > :after AND lasairmodified_date >= :since
ORDER BY id
LIMIT :count

-- name: countEntries
SELECT COUNT(*) FROM DB.crossmatch_tns
