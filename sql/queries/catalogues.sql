-- name: selectLoads
SELECT name, load_number, kind, state, row_count, rows_by_reach, rejected, repeated, rejects,
  columns AS described, coverage, source, progress, bytes_done, bytes_total, started_at, updated_at,
  loaded_at
FROM glint.catalogues
WHERE :name IS NULL OR name = :name
ORDER BY name, load_number;

-- name: selectReady
SELECT name, load_number FROM glint.catalogues WHERE state = 'ready' ORDER BY name;

-- name: insertLoad
INSERT INTO glint.catalogues (name, load_number, kind, state, row_count, rows_by_reach, rejected,
  repeated, rejects, columns, source, progress, bytes_done, bytes_total, started_at, updated_at)
VALUES (:name, :load, :kind, 'loading', 0, :rowsByReach, 0, 0, '[]', :columns, :source, :progress, 0,
  :bytesTotal, :now, :now);

-- name: updateLoad
UPDATE glint.catalogues
SET row_count = :rows, rows_by_reach = :rowsByReach, rejected = :rejected, repeated = :repeated,
  rejects = :rejects, coverage = :coverage, progress = :progress, bytes_done = :bytesDone,
  updated_at = :now
WHERE name = :name AND load_number = :load AND state = 'loading';

-- name: makeReady
UPDATE glint.catalogues
SET state = 'ready', progress = NULL, loaded_at = :now, updated_at = :now
WHERE name = :name AND load_number = :load;

-- name: deleteOtherLoads
DELETE FROM glint.catalogues WHERE name = :name AND load_number <> :load;

-- name: deleteLoad
DELETE FROM glint.catalogues WHERE name = :name AND load_number = :load;

-- name: deleteCatalogue
DELETE FROM glint.catalogues WHERE name = :name;

-- name: selectTables
SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'catalogues';

-- name: restartContext
REPLACE INTO glint.rebuilds (survey, step, version, next_id, done, total, started_at, ended_at)
VALUES ('ztf', 'context', :version, '', 0, 0, :now, NULL),
  ('lsst', 'context', :version, '', 0, 0, :now, NULL);
