-- name: selectZtfCutout
SELECT pack, position, science, template, difference FROM ztf.cutouts WHERE candid = :id;

-- name: selectLsstCutout
SELECT pack, position, science, template, difference FROM lsst.cutouts WHERE diaSourceId = :id;
