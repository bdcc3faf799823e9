-- name: selectZtfChanges
SELECT nid FROM ztf.coverage_changes WHERE ischanged = 1 ORDER BY nid DESC;

-- name: selectLsstChanges
SELECT nid FROM lsst.coverage_changes WHERE ischanged = 1 ORDER BY nid DESC;

-- name: settleZtfNight
UPDATE ztf.coverage_changes SET ischanged = 0 WHERE nid = :nid;

-- name: settleLsstNight
UPDATE lsst.coverage_changes SET ischanged = 0 WHERE nid = :nid;

-- name: sumZtfNight
SELECT field, fid, SUM(n), COUNT(*), MAX(diffmaglim)
FROM ztf.exposures WHERE nid = :nid GROUP BY field, fid ORDER BY field, fid;

-- name: sumLsstNight
SELECT cell, band, SUM(n), COUNT(*), MIN(psfFluxErr)
FROM lsst.exposures WHERE nid = :nid GROUP BY cell, band ORDER BY cell, band;

-- name: deleteZtfNight
DELETE FROM ztf.coverage WHERE nid = :nid;

-- name: deleteLsstNight
DELETE FROM lsst.coverage WHERE nid = :nid;

-- name: selectZtfCoverage
SELECT field AS place, fid AS band, ra, decl, SUM(n) AS n, SUM(exposures) AS exposures,
  COUNT(*) AS nights, MAX(diffmaglim) AS depth
FROM ztf.coverage WHERE nid BETWEEN :first AND :last
GROUP BY field, fid, ra, decl ORDER BY field, fid;

-- name: selectLsstCoverage
SELECT cell AS place, band, ra, decl, SUM(n) AS n, SUM(exposures) AS exposures,
  COUNT(*) AS nights, MIN(psfFluxErr) AS depth
FROM lsst.coverage WHERE nid BETWEEN :first AND :last
GROUP BY cell, band, ra, decl ORDER BY cell, band;

-- name: selectZtfNights
SELECT MIN(nid) AS first, MAX(nid) AS last FROM ztf.coverage;

-- name: selectLsstNights
SELECT MIN(nid) AS first, MAX(nid) AS last FROM lsst.coverage;
