-- name: selectLedgerReport
SELECT ledger.topic, ledger.partition_id, MIN(ledger.survey) AS survey,
  SUM(ledger.received) AS received, SUM(ledger.stored) AS stored, SUM(ledger.known) AS known,
  SUM(ledger.dead_lettered) AS dead_lettered, MIN(stream_offsets.next_offset) AS next_offset
FROM glint.ledger
LEFT JOIN glint.stream_offsets
  ON stream_offsets.topic = ledger.topic AND stream_offsets.partition_id = ledger.partition_id
GROUP BY ledger.topic, ledger.partition_id
ORDER BY ledger.topic, ledger.partition_id;
