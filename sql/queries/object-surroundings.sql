-- name: selectContext
SELECT COLUMNS FROM DB.sherlock_classifications WHERE KEY = :id

-- name: selectCrossmatches
SELECT COLUMNS FROM DB.sherlock_crossmatches WHERE KEY = :id ORDER BY `rank`
