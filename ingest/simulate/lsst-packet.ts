import { rubinSchema } from '../surveys/lsst/packet-schemas.ts';
import {
  NULL_BRANCH,
  VALUE_BRANCH,
  writeBytes,
  writeItems,
  writeLong,
  writeString,
} from './avro-writer.ts';
import type { PacketParts, SourceHistory, World } from './history.ts';
import { lsstForced, lsstObject, lsstSource, sourceIdAt } from './lsst-records.ts';
import type { LsstRecord } from './lsst-records.ts';
import { solarSystemOrbit, solarSystemSource } from './lsst-solar-system.ts';
import { lsstStamps } from './lsst-stamps.ts';
import type { LsstStamps } from './lsst-stamps.ts';
import { hashOf, uniformAt } from './random.ts';
import { recordWriter } from './record-writer.ts';

const [MAJOR, MINOR] = [10, 0];
const SCHEMA = requireSchema();
const HISTORY_DAYS = 365;
const SMALLEST_STAMP = 30;

const writeSource = recordWriter(SCHEMA, 'diaSource');
const writeForcedSource = recordWriter(SCHEMA, 'diaForcedSource');
const writeObject = recordWriter(SCHEMA, 'diaObject');
const writeSolarSource = recordWriter(SCHEMA, 'ssSource');
const writeOrbit = recordWriter(SCHEMA, 'mpc_orbits');

function requireSchema() {
  const schema = rubinSchema(MAJOR, MINOR);
  if (schema === undefined) throw new Error(`no Rubin schema ${MAJOR}.${MINOR}`);
  return schema;
}

/** One alert as Rubin sends it: a zero byte, the schema's number, and the bare datum. */
export function lsstPacket(world: World, history: SourceHistory, place: number): PacketParts {
  const id = sourceIdAt(world, history, place);
  const detection = lsstSource(world, history, place);
  const stamps = stampsOf(world, history, place, detection);
  const pieces = [
    frame(100 * MAJOR + MINOR),
    writeLong(id),
    VALUE_BRANCH,
    ...writeString('template_blob_i_33.0'),
    VALUE_BRANCH,
    ...writeString('lowdust'),
    writeSource(detection),
    ...pastOf(world, history, place),
    ...nullable(history.source.isMoving, () =>
      writeSolarSource(solarSystemSource(history, place, detection)),
    ),
    ...nullable(history.source.isMoving, () => writeOrbit(solarSystemOrbit(history))),
    VALUE_BRANCH,
    ...writeBytes(stamps.difference),
    VALUE_BRANCH,
    ...writeBytes(stamps.science),
    VALUE_BRANCH,
    ...writeBytes(stamps.template),
  ];
  const objectId = history.source.isMoving ? id : detection.diaObjectId;
  return { id, objectId: String(objectId), pieces };
}

function frame(schemaId: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(schemaId, 1);
  return bytes;
}

const nullable = (isThere: boolean, write: () => Buffer) =>
  isThere ? [VALUE_BRANCH, write()] : [NULL_BRANCH];

/** Earlier detections, forced photometry since the first of them, and the object. */
function pastOf(world: World, history: SourceHistory, place: number): Buffer[] {
  const { source, looks, measurements } = history;
  if (source.isMoving) return [NULL_BRANCH, NULL_BRANCH, NULL_BRANCH];
  const from = looks[place].visit.mjd - HISTORY_DAYS;
  const first = measurements.findIndex((one) => one.isDetected);
  const previous: Buffer[] = [];
  const forced: Buffer[] = [];
  for (let n = first; n <= place; n++) {
    if (looks[n].visit.mjd < from) continue;
    if (n < place && measurements[n].isDetected) {
      previous.push((history.written[n] ??= writeSource(lsstSource(world, history, n))));
    }
    if (n > first) {
      forced.push((history.writtenForced[n] ??= writeForcedSource(lsstForced(world, history, n))));
    }
  }
  return [
    ...(previous.length === 0 ? [NULL_BRANCH] : writeItems(previous.length, previous)),
    ...writeItems(forced.length, forced),
    VALUE_BRANCH,
    writeObject(lsstObject(world, history, place)),
  ];
}

function stampsOf(
  world: World,
  history: SourceHistory,
  place: number,
  detection: LsstRecord,
): LsstStamps {
  const { source, looks, measurements } = history;
  const { visit } = looks[place];
  const { seed } = world.options;
  const { flux, sigma } = measurements[place];
  return lsstStamps({
    ra: Number(detection.ra),
    dec: Number(detection.dec),
    x: Number(detection.x),
    y: Number(detection.y),
    band: visit.band,
    seeingArcsec: visit.seeing,
    side: Math.max(SMALLEST_STAMP, Number(detection.bboxSize)),
    fluxNJy: flux,
    sigmaNJy: sigma,
    rotationDegrees: 360 * uniformAt(seed, visit.key, 0x524f),
    neighbours: history.neighbours,
    noiseKey: hashOf(seed, source.index, visit.key, 0x4e4b),
    templateKey: hashOf(seed, source.index, visit.band, 0x544b),
  });
}
