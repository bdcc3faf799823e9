-- name: selectRecord
SELECT COLUMNS FROM lsst.diaObjects WHERE diaObjectId = :id
