-- name: selectZtfContexts
SELECT o.objectId, o.ramean, o.decmean, o.sherlock_classification, o.tns_name, o.tns_type,
  CAST(o.ebv AS DOUBLE), CAST(s.z AS DOUBLE), CAST(s.photoZ AS DOUBLE),
  CAST(s.direct_distance AS DOUBLE), s.association_type, s.objRa, s.objDecl
FROM ztf.objects o
LEFT JOIN ztf.sherlock_classifications s ON s.objectId = o.objectId
WHERE o.objectId IN (:ids)

-- name: selectLsstContexts
SELECT o.diaObjectId, COALESCE(o.ra, o.ramean), COALESCE(o.decl, o.decmean),
  o.sherlock_classification, o.tns_name, o.tns_type,
  CAST(o.ebv AS DOUBLE), CAST(s.z AS DOUBLE), CAST(s.photoZ AS DOUBLE),
  CAST(s.direct_distance AS DOUBLE), s.association_type, s.objRa, s.objDecl
FROM lsst.objects o
LEFT JOIN lsst.sherlock_classifications s ON s.diaObjectId = o.diaObjectId
WHERE o.diaObjectId IN (:ids)
