import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { compileDecoder } from '../../../common/avro/compile.ts';
import type { AvroRecordValue, RecordIndex } from '../../../common/avro/compile.ts';
import {
  isAvroContainer,
  readBlocks,
  readContainerHeader,
} from '../../../common/avro/container.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import { requireReference } from '../astro/reference.ts';
import { decodeWithAvsc } from './avsc-oracle.ts';

const INDEXED = {
  prv_candidates: ['candid', 'pid'],
  fp_hists: ['pid'],
  prvDiaSources: ['diaSourceId'],
  prvDiaForcedSources: ['diaForcedSourceId'],
};
const FOLDERS = [
  ...['v1.8_20180601', 'v1.8_20180607', 'v3.0_20180819', 'v3.2_20190401', 'v3.3_202002'],
  ...['v3.3_object_ZTF21abiuvdk', 'v4.01_20231012', 'v4.02', 'v4.02_202506_reencoded'],
  ...['multi_record', 'no_cutouts', 'official_samples', 'snappy_codec'],
].map((name) => `ztf/${name}`);
const RUBIN_FOLDERS = [
  ...['container_fake', 'elasticc', 'wire_minimal', 'wire_original'],
  ...['wire_v10.0_20260310', 'wire_v7.1_or4_simulated'],
].map((name) => `lsst/${name}`);
/** Of these the other library refuses the schema: a repeated field, a name that Avro does not allow. */
const REFUSED = /winter_/;

describe('decoding real packets as another implementation of Avro does', () => {
  for (const folder of [...FOLDERS, ...RUBIN_FOLDERS, 'other_surveys']) {
    it(folder, async function () {
      const path = requireReference(this, `alerts/${folder}`);
      let compared = 0;
      for (const name of readdirSync(path)) {
        if (REFUSED.test(name)) continue;
        const packet = readFileSync(join(path, name));
        const expected = await decodeWithAvsc(packet);
        expect(expected.length, name).to.be.above(0);
        compareAll(decodeAll(packet, {}), expected, name);
        if (folder !== 'other_surveys') {
          const built = decodeAll(packet, INDEXED).map(buildIndexed);
          compareAll(built, expected, `${name}, indexed`);
          compared += built.length;
        }
      }
      if (folder !== 'other_surveys') expect(compared).to.be.above(0);
    });
  }
});

function decodeAll(packet: Buffer, keys: Record<string, readonly string[]>): AvroRecordValue[] {
  if (!isAvroContainer(packet)) {
    const id = packet.readUInt32BE(1);
    const decoder = compileDecoder(
      resolveSchema(rubinSchema(Math.floor(id / 100), id % 100)),
      keys,
    );
    const { value, end } = decoder.decode(packet, 5, packet.length);
    expect(end).to.equal(packet.length);
    return [value];
  }
  const container = readContainerHeader(packet);
  // ELAsTiCC calls its ids otherwise.
  const schema = resolveSchema(JSON.parse(container.schema.toString('utf8')));
  const known = schema.name.startsWith('elasticc') || /v[3-6]_/.test(schema.name) ? {} : keys;
  const decoder = compileDecoder(schema, known);
  const values: AvroRecordValue[] = [];
  for (const block of readBlocks(packet, container)) {
    let { start } = block;
    for (let i = 0; i < block.count; i++) {
      const { value, end } = decoder.decode(block.bytes, start, block.end);
      values.push(value);
      start = end;
    }
    expect(start).to.equal(block.end);
  }
  return values;
}

/** Builds what was indexed, from the last record to the first, and checks the keys against it. */
function buildIndexed(value: AvroRecordValue): AvroRecordValue {
  const built = { ...value };
  for (const [field, keys] of Object.entries(INDEXED)) {
    const index = value[field] as RecordIndex | null | undefined;
    if (!index || Array.isArray(index)) continue;
    const records: AvroRecordValue[] = [];
    for (let i = index.length - 1; i >= 0; i--) {
      const record = index.read(i);
      records[i] = record;
      for (const [k, key] of keys.entries()) {
        const { low, high, isNull } = index.keys[k];
        const id = (BigInt(high[i]) << 32n) | BigInt(low[i] >>> 0);
        expect(isNull[i] === 1 ? null : id).to.equal(record[key]);
      }
    }
    built[field] = records;
  }
  return built;
}

/** Deep equality that is quick where it holds: packets have hundreds of thousands of values. */
function compareAll(actual: unknown[], expected: unknown[], name: string): void {
  expect(actual.length, name).to.equal(expected.length);
  for (const [i, value] of actual.entries()) compare(value, expected[i], `${name} ${i}`);
}

function compare(actual: unknown, expected: unknown, path: string): void {
  if (Object.is(actual, expected)) return;
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    if (!Buffer.from(actual).equals(expected)) expect.fail(`${path}: other bytes`);
    return;
  }
  if (
    actual === null ||
    expected === null ||
    typeof actual !== 'object' ||
    typeof expected !== 'object'
  )
    expect.fail(`${path}: ${String(actual)} is not ${String(expected)}`);
  const names = Object.keys(expected);
  if (names.length !== Object.keys(actual).length) expect.fail(`${path}: other fields`);
  for (const name of names) {
    const [left, right] = [actual, expected].map((each) => (each as AvroRecordValue)[name]);
    compare(left, right, `${path}.${name}`);
  }
}
