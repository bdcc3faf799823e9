-- name: selectZtfCutout
SELECT pack, position, science, template, difference FROM ztf.cutouts WHERE candid = :id;

-- name: selectLsstCutout
SELECT pack, position, science, template, difference FROM lsst.cutouts WHERE diaSourceId = :id;

-- name: selectZtfCutoutIds
SELECT candid AS id, science, template, difference FROM ztf.cutouts WHERE candid IN (:ids);

-- name: selectLsstCutoutIds
SELECT diaSourceId AS id, science, template, difference FROM lsst.cutouts
WHERE diaSourceId IN (:ids);
