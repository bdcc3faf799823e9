-- name: selectDesignation
SELECT designation FROM lsst.ssObjects WHERE ssObjectId = :id

-- name: selectOrbit
SELECT COLUMNS FROM lsst.mpc_orbits WHERE designation = :designation
