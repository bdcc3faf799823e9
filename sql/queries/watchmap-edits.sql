-- name: insertWatchmap
INSERT INTO glint.areas
  (user_id, name, description, active, public, version, created_at, updated_at)
VALUES (:userId, :name, :description, :active, :public, 0, :now, :now)

-- name: updateSettings
UPDATE glint.areas
SET name = :name, description = :description, active = :active, public = :public, updated_at = :now
WHERE ar_id = :watchmapId

-- name: raiseVersion
UPDATE glint.areas SET version = version + 1, updated_at = :now WHERE ar_id = :watchmapId

-- name: updateArea
UPDATE glint.areas SET square_degrees = :squareDegrees WHERE ar_id = :watchmapId

-- name: deleteMoc
DELETE FROM glint.area_mocs WHERE ar_id = :watchmapId

-- name: insertPart
INSERT INTO glint.area_mocs (ar_id, part, max_order, ranges, moc)
VALUES (:watchmapId, :part, :order, :ranges, :moc)

-- name: sumRanges
SELECT COALESCE(SUM(m.ranges), 0) AS total
FROM glint.areas a JOIN glint.area_mocs m ON m.ar_id = a.ar_id AND m.part = 0
WHERE a.user_id = :userId

-- name: askForMatches
REPLACE INTO glint.list_matches
  (kind, list_id, survey, version, next_key, done, total, hits, problem, started_at, ended_at)
SELECT 'area', a.ar_id, s.survey, a.version, '', 0, 0, 0, '', :now, NULL
FROM glint.areas a JOIN (SELECT 'ztf' AS survey UNION ALL SELECT 'lsst') s
WHERE a.ar_id = :watchmapId

-- name: deleteWatchmap
DELETE FROM glint.areas WHERE ar_id = :watchmapId
