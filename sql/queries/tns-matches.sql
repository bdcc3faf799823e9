-- name: selectEntriesWhere
SELECT tns_name, ra, decl, tns_prefix, type, CAST(z AS DOUBLE), disc_date, CAST(disc_mag AS DOUBLE),
  disc_mag_filter, discovering_groups, source_group, disc_int_name, host_name
FROM DB.crossmatch_tns WHERE CONDITION

-- name: selectEntriesNamed
SELECT tns_name, ra, decl, tns_prefix, type, CAST(z AS DOUBLE), disc_date, CAST(disc_mag AS DOUBLE),
  disc_mag_filter, discovering_groups, source_group, disc_int_name, host_name
FROM DB.crossmatch_tns WHERE tns_name IN (:names)

-- name: selectEntriesOfObject
SELECT CAST(m.arcsec AS DOUBLE), t.tns_name, t.ra, t.decl, t.tns_prefix, t.type,
  CAST(t.z AS DOUBLE), t.disc_date, CAST(t.disc_mag AS DOUBLE), t.disc_mag_filter,
  t.discovering_groups, t.source_group, t.disc_int_name, t.host_name
FROM DB.tns_matches m
JOIN DB.crossmatch_tns t ON t.tns_name = m.tns_name
WHERE m.KEY = :id
ORDER BY m.arcsec, m.tns_name

-- name: selectMatchesOfObjects
SELECT KEY, tns_name, CAST(arcsec AS DOUBLE) FROM DB.tns_matches WHERE KEY IN (:ids)

-- name: selectMatchesOfNames
SELECT KEY, tns_name, CAST(arcsec AS DOUBLE) FROM DB.tns_matches WHERE tns_name IN (:names)

-- name: selectLostNames
SELECT DISTINCT m.tns_name FROM DB.tns_matches m
LEFT JOIN DB.crossmatch_tns t ON t.tns_name = m.tns_name
WHERE t.tns_name IS NULL
LIMIT :count

-- name: deleteMatches
DELETE FROM DB.tns_matches WHERE KEY IN (:ids) AND (KEY, tns_name) IN (:pairs)

-- name: nameObjects
UPDATE DB.objects o
SET tns_name = (
    SELECT m.tns_name FROM DB.tns_matches m
    WHERE m.KEY = o.KEY ORDER BY m.arcsec, m.tns_name LIMIT 1
  ),
  tns_type = (
    SELECT t.type FROM DB.tns_matches m
    LEFT JOIN DB.crossmatch_tns t ON t.tns_name = m.tns_name
    WHERE m.KEY = o.KEY ORDER BY m.arcsec, m.tns_name LIMIT 1
  )
WHERE o.KEY IN (:ids)
