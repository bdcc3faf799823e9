-- name: insertDraft
INSERT INTO glint.watchlist_drafts (user_id, wl_id, settings, file_name, bytes, created_at)
VALUES (:userId, :watchlistId, :settings, :fileName, :bytes, :now)

-- name: insertPart
INSERT INTO glint.watchlist_draft_parts (draft_id, part, user_id, content)
VALUES (:draftId, :part, :userId, :content)

-- name: selectDraft
SELECT draft_id, wl_id, settings, file_name, bytes, created_at
FROM glint.watchlist_drafts
WHERE draft_id = :draftId AND user_id = :userId

-- name: selectPart
SELECT content
FROM glint.watchlist_draft_parts
WHERE draft_id = :draftId AND part = :part

-- name: selectOldestDrafts
SELECT draft_id
FROM glint.watchlist_drafts
WHERE user_id = :userId
ORDER BY draft_id DESC
LIMIT 1000 OFFSET :kept

-- name: selectDraftsBefore
SELECT draft_id
FROM glint.watchlist_drafts
WHERE created_at < :before
LIMIT 100

-- name: deleteParts
DELETE FROM glint.watchlist_draft_parts
WHERE draft_id IN (:draftIds)

-- name: deleteDrafts
DELETE FROM glint.watchlist_drafts
WHERE draft_id IN (:draftIds)
