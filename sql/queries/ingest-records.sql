-- name: lockOffsets
SELECT topic, partition_id, next_offset
FROM glint.stream_offsets
WHERE (topic, partition_id) IN (:places)
ORDER BY topic, partition_id
FOR UPDATE

-- name: awaitBatches
SELECT partition_id FROM glint.stream_offsets ORDER BY topic, partition_id LOCK IN SHARE MODE

-- name: selectOffset
SELECT next_offset
FROM glint.stream_offsets
WHERE topic = :topic AND partition_id = :partition

-- name: beginPartitions
INSERT IGNORE INTO glint.stream_offsets (topic, partition_id, survey, next_offset, updated_at)
VALUES :rows

-- name: saveOffset
UPDATE glint.stream_offsets
SET next_offset = :next, updated_at = :now
WHERE topic = :topic AND partition_id = :partition

-- name: addToLedger
INSERT INTO glint.ledger (nid, topic, partition_id, survey, received, stored, known, dead_lettered)
VALUES :rows
ON DUPLICATE KEY UPDATE
  received = received + VALUES(received),
  stored = stored + VALUES(stored),
  known = known + VALUES(known),
  dead_lettered = dead_lettered + VALUES(dead_lettered)

-- name: moveInLedger
UPDATE glint.ledger
SET received = received - 1 + :stored + :known,
  stored = stored + :stored,
  known = known + :known,
  dead_lettered = dead_lettered - 1
WHERE topic = :topic AND partition_id = :partition AND dead_lettered > 0
ORDER BY ABS(nid - :night)
LIMIT 1

-- name: insertBatch
INSERT INTO glint.batches (survey, process, committed_at, received, stored, known, dead_lettered,
  packet_bytes, kafka_delay_ms, kafka_delay_max_ms, observation_delay_s, timings)
VALUES (:survey, :process, :committedAt, :received, :stored, :known, :deadLettered,
  :packetBytes, :kafkaDelayMs, :kafkaDelayMaxMs, :observationDelayS, :timings)

-- name: resetOffset
REPLACE INTO glint.stream_offsets (topic, partition_id, survey, next_offset, updated_at)
VALUES (:topic, :partition, :survey, :next, :now)
