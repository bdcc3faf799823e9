-- What filters did in each night.

-- name: addToNights
INSERT INTO glint.filter_nights
  (mq_id, nid, runs, objects, passed, past, remembered, failures, run_ms)
VALUES :rows
ON DUPLICATE KEY UPDATE
  runs = runs + VALUES(runs),
  objects = objects + VALUES(objects),
  passed = passed + VALUES(passed),
  past = past + VALUES(past),
  remembered = remembered + VALUES(remembered),
  failures = failures + VALUES(failures),
  run_ms = run_ms + VALUES(run_ms);
