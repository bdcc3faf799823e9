-- name: selectZtfStamp
SELECT cutouts.candid AS id, pack, position, science, template, difference, xpos AS x, ypos AS y
FROM ztf.cutouts LEFT JOIN ztf.candidates ON candidates.candid = cutouts.candid
WHERE cutouts.candid = :id;

-- name: selectLsstStamp
SELECT diaSourceId AS id, pack, position, science, template, difference, NULL AS x, NULL AS y
FROM lsst.cutouts WHERE diaSourceId = :id;

-- name: selectZtfStampPage
SELECT cutouts.candid AS id, pack, position, science, template, difference, xpos AS x, ypos AS y
FROM ztf.cutouts LEFT JOIN ztf.candidates ON candidates.candid = cutouts.candid
WHERE cutouts.candid > :above AND cutouts.candid < :below
ORDER BY cutouts.candid DESC LIMIT :count;

-- name: selectLsstStampPage
SELECT diaSourceId AS id, pack, position, science, template, difference, NULL AS x, NULL AS y
FROM lsst.cutouts WHERE diaSourceId > :above AND diaSourceId < :below
ORDER BY diaSourceId DESC LIMIT :count;
