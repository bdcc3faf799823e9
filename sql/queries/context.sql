-- name: deleteCrossmatches
DELETE FROM CROSSMATCHES WHERE KEY IN (:ids);
