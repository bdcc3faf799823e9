import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AvroRecordValue, RecordIndex } from '../../../common/avro/compile.ts';
import { silentLog } from '../../../common/log.ts';
import { createLsstReader } from '../../../ingest/surveys/lsst/read-lsst.ts';
import { createSchemaSource } from '../../../ingest/surveys/lsst/registry.ts';
import { createZtfReader } from '../../../ingest/surveys/ztf/read-ztf.ts';

/** What one real packet brings of exposures: its rows by table, in the survey's words. */
export interface PacketRecords {
  objectId: string;
  detections: AvroRecordValue[];
  /** ZTF: non-detections. Rubin: forced photometry. */
  others: AvroRecordValue[];
}

/** Every sound packet below a folder of ZTF's. */
export function readZtfRecords(folder: string): PacketRecords[] {
  const read = createZtfReader();
  return packetsIn(folder).flatMap((packet) =>
    read(packet).alerts.map((alert) => {
      const history = recordsOf(alert.history);
      return {
        objectId: alert.objectId,
        detections: [alert.candidate, ...history.filter(({ candid }) => candid !== null)],
        others: history.filter(({ candid }) => candid === null),
      };
    }),
  );
}

/** Every sound packet below a folder of Rubin's. */
export async function readLsstRecords(folder: string): Promise<PacketRecords[]> {
  const read = createLsstReader(createSchemaSource({ log: silentLog }));
  const packets: PacketRecords[] = [];
  for (const packet of packetsIn(folder)) {
    const { alerts } = await read(packet);
    for (const alert of alerts) {
      packets.push({
        objectId: alert.ownerId.toString(),
        detections: [alert.diaSource, ...recordsOf(alert.history)],
        others: recordsOf(alert.forced),
      });
    }
  }
  return packets;
}

function recordsOf(index: RecordIndex | null): AvroRecordValue[] {
  if (index === null) return [];
  return Array.from({ length: index.length }, (_, i) => index.read(i));
}

function packetsIn(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.avro'))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}
