-- name: insertWatchlist
INSERT INTO glint.watchlists
  (user_id, name, description, active, public, radius, sources, created_at, updated_at)
VALUES (:userId, :name, :description, :active, :public, :radius, :sources, :now, :now)

-- name: updateSettings
UPDATE glint.watchlists
SET name = :name, description = :description, active = :active, public = :public,
  radius = :radius, updated_at = :now
WHERE wl_id = :watchlistId

-- name: copySources
INSERT INTO glint.watchlist_cones (wl_id, name, ra, decl, radius, hpx29)
SELECT :watchlistId, name, ra, decl, radius, hpx29
FROM glint.watchlist_cones WHERE wl_id = :originalId
ORDER BY cone_id

-- name: deleteWatchlist
DELETE FROM glint.watchlists WHERE wl_id = :watchlistId
