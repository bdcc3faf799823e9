-- What filters told last of each object.

-- name: selectMemory
-- As an IN of 500 places this would take the planner a tenth of a second.
SELECT STRAIGHT_JOIN m.mq_id, m.object_id, m.sent_at, m.number, m.words
FROM JSON_TABLE(:places, '$[*]' COLUMNS (
  mq_id INT PATH '$[0]',
  object_id VARCHAR(20) CHARACTER SET ascii PATH '$[1]'
)) AS p
JOIN glint.filter_memory AS m ON m.mq_id = p.mq_id AND m.object_id = p.object_id;

-- name: saveMemory
INSERT INTO glint.filter_memory (mq_id, object_id, sent_at, number, words)
VALUES :rows
ON DUPLICATE KEY UPDATE sent_at = VALUES(sent_at), number = VALUES(number), words = VALUES(words);
