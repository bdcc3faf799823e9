-- name: selectZtfContexts
SELECT objectId, ramean, decmean, sherlock_classification, tns_name, tns_type, ebv, NULL, NULL, NULL, NULL, NULL
FROM ztf.objects
WHERE objectId IN (:ids)

-- name: selectLsstContexts
SELECT diaObjectId, COALESCE(ra, ramean), COALESCE(decl, decmean),
  sherlock_classification, tns_name, tns_type, ebv, NULL, NULL, NULL, NULL, NULL
FROM lsst.objects
WHERE diaObjectId IN (:ids)
