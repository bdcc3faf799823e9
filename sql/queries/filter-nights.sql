-- What filters did in each night.

-- name: addToNights
INSERT INTO glint.filter_nights
  (mq_id, nid, runs, objects, passed, remembered, failures, run_ms)
VALUES :rows
ON DUPLICATE KEY UPDATE
  runs = runs + VALUES(runs),
  objects = objects + VALUES(objects),
  passed = passed + VALUES(passed),
  remembered = remembered + VALUES(remembered),
  failures = failures + VALUES(failures),
  run_ms = run_ms + VALUES(run_ms);
