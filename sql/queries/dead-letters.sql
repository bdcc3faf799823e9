-- name: insertDeadLetters
INSERT INTO glint.dead_letters
  (survey, topic, partition_id, message_offset, record_number, fault, reason, packet, arrived_at)
VALUES :rows
ON DUPLICATE KEY UPDATE dead_letter_id = dead_letters.dead_letter_id;

-- name: selectLargestStatement
SELECT @@max_allowed_packet AS bytes;

-- name: listDeadLetters
SELECT dead_letter_id, survey, topic, partition_id, message_offset, record_number, fault, reason,
  OCTET_LENGTH(packet) AS packet_bytes, arrived_at, state, tries
FROM glint.dead_letters
WHERE (:before IS NULL OR dead_letter_id < :before)
  AND (:fault IS NULL OR fault = :fault)
  AND (:state IS NULL OR state = :state)
ORDER BY dead_letter_id DESC
LIMIT :limit;

-- name: selectDeadLetter
SELECT dead_letter_id, survey, topic, partition_id, message_offset, record_number, fault, reason,
  OCTET_LENGTH(packet) AS packet_bytes, arrived_at, state, tries, packet
FROM glint.dead_letters
WHERE dead_letter_id = :deadLetterId;

-- name: countDeadLetters
SELECT survey, fault, state, COUNT(*) AS count
FROM glint.dead_letters
GROUP BY survey, fault, state
ORDER BY survey, fault, state;

-- name: selectWaitingDeadLetters
SELECT dead_letter_id
FROM glint.dead_letters
WHERE state = 'waiting' AND dead_letter_id > :after AND fault <> 'invalid_annotation'
ORDER BY dead_letter_id
LIMIT :limit;

-- name: lockWaitingDeadLetters
SELECT dead_letter_id
FROM glint.dead_letters
WHERE dead_letter_id IN (:deadLetterIds) AND state = 'waiting'
ORDER BY dead_letter_id
FOR UPDATE;

-- name: markRetried
UPDATE glint.dead_letters SET state = 'retried', tries = tries + 1
WHERE dead_letter_id IN (:deadLetterIds) AND state = 'waiting';

-- name: deleteOldDeadLetters
DELETE FROM glint.dead_letters WHERE state = :state AND arrived_at < :before LIMIT 500;

-- name: markFailedAgain
UPDATE glint.dead_letters SET tries = tries + 1, fault = :fault, reason = :reason
WHERE dead_letter_id = :deadLetterId;
