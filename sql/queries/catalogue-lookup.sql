-- name: selectSourcesInRanges
SELECT COLUMNS FROM CATALOGUE AS c WHERE c.reach = REACH AND (RANGES);
