-- name: selectProgress
SELECT position FROM glint.job_progress WHERE task = :task

-- name: saveProgress
REPLACE INTO glint.job_progress (task, position, updated_at) VALUES (:task, :position, :now)
