import { readFileSync } from 'node:fs';
import { memoryUsage } from 'node:process';

import { expect } from 'chai';

import { compileDecoder } from '../../../common/avro/compile.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { PacketError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { containerHeader, writeLong } from '../../../ingest/simulate/avro-writer.ts';
import { createLsstReader } from '../../../ingest/surveys/lsst/read-lsst.ts';
import { createSchemaSource } from '../../../ingest/surveys/lsst/registry.ts';
import type { Alert, Reading } from '../../../ingest/surveys/survey.ts';
import { createZtfReader } from '../../../ingest/surveys/ztf/read-ztf.ts';
import type { ZtfAlert } from '../../../ingest/surveys/ztf/read-ztf.ts';
import {
  MARKER,
  smallZtfDatum,
  smallZtfPacket,
  ZTF_HEADER,
} from '../../ingest/surveys/ztf/small-packet.ts';
import { requireReference, seededRandom } from '../astro/reference.ts';

/** What reading any one packet may take, bytes. */
const MEMORY = 200e6;

const readZtf = createZtfReader();
const readLsst = createLsstReader(createSchemaSource({ log: silentLog }));

/** A ZTF packet with history and without stamps. */
function ztfPacket(): Buffer {
  return smallZtfPacket({
    history: [1n, null, 3n].map((candid, i) => ({ candid, pid: BigInt(i) })),
    forced: [{ pid: 4n }],
  });
}

/** Reads all that the pipeline would: the alert, its keys and every record of its history. */
function readThrough(packet: Buffer): Reading<Alert> {
  const reading = readZtf(packet);
  for (const alert of reading.alerts) buildHistory(alert);
  return reading;
}

function buildHistory({ history, forced }: Pick<ZtfAlert, 'history' | 'forced'>): void {
  for (const index of [history, forced])
    for (let i = 0; i < (index?.length ?? 0); i++) index?.read(i);
}

describe('hostile packets', () => {
  let before = 0;
  beforeEach(() => {
    before = memoryUsage().rss;
  });
  afterEach(() => expect(memoryUsage().rss - before).to.be.below(MEMORY));

  it('are damaged wherever they are cut', () => {
    const packet = ztfPacket();
    expect(readThrough(packet).fault).to.equal(undefined);
    expect(readThrough(packet).alerts).to.have.length(1);
    for (let length = 0; length < packet.length; length++) {
      const { alerts, fault } = readThrough(packet.subarray(0, length));
      expect(alerts, `${length} bytes`).to.have.length(0);
      const expected = length <= 4 ? 'not_avro' : 'damaged';
      // The header alone is sound, and holds no alert.
      expect(fault?.fault, `${length} bytes`).to.equal(expected);
    }
  });

  it('are damaged wherever a real one in wire format is cut', async function () {
    const path = requireReference(this, 'alerts/lsst/wire_minimal/lsst.v10_0.avro');
    const packet = readFileSync(path);
    expect((await readLsst(packet)).alerts).to.have.length(1);
    for (let length = 0; length < packet.length; length++) {
      const { alerts, fault } = await readLsst(packet.subarray(0, length));
      expect(alerts).to.have.length(0);
      expect(fault?.fault, `${length} bytes`).to.equal(length < 5 ? 'not_avro' : 'damaged');
    }
    const longer = await readLsst(Buffer.concat([packet, Buffer.from([0])]));
    expect(longer.fault?.message).to.match(/longer than its alert/);
  });

  it('never do worse than an error, whichever bits are wrong', async function () {
    const random = seededRandom(20_260_310);
    const flip = (packet: Buffer): Buffer => {
      const changed = Buffer.from(packet);
      for (let n = 1 + Math.floor(4 * random()); n > 0; n--)
        changed[Math.floor(random() * changed.length)] ^= 1 << Math.floor(8 * random());
      return changed;
    };
    const ztf = ztfPacket();
    const body = ztf.length - 900;
    let faults = 0;
    for (let i = 0; i < 2_000; i++) {
      // Half of them within the data, which is small beside the schema.
      const changed =
        i % 2 === 0 ? flip(ztf) : Buffer.concat([ztf.subarray(0, body), flip(ztf.subarray(body))]);
      if (readThrough(changed).fault !== undefined) faults++;
    }
    expect(faults).to.be.above(300);
    const path = requireReference(this, 'alerts/lsst/wire_minimal/lsst.v7_4.avro');
    const lsst = readFileSync(path);
    for (let i = 0; i < 2_000; i++) {
      const changed = Buffer.concat([lsst.subarray(0, 5), flip(lsst.subarray(5))]);
      for (const alert of (await readLsst(changed)).alerts) buildHistory(alert);
    }
  });

  const faultOf = (schema: unknown, bytes: Buffer, indexed = {}): string | undefined => {
    try {
      const decoder = compileDecoder(resolveSchema(schema), indexed);
      decoder.decode(bytes, 0, bytes.length);
    } catch (err) {
      if (err instanceof PacketError) return err.fault;
      throw err;
    }
    return undefined;
  };
  const record = (name: string, ...fields: [string, unknown][]) => ({
    type: 'record',
    name,
    fields: fields.map(([field, type]) => ({ name: field, type })),
  });

  it('cannot ask for lists beyond their own length', () => {
    const list = { type: 'array', items: 'long' };
    for (const type of [list, { type: 'map', values: 'int' }, 'string', 'bytes']) {
      for (const count of [
        3n,
        2n ** 31n,
        2n ** 32n + 1n,
        2n ** 62n,
        -1n,
        -(2n ** 31n),
        -(2n ** 63n),
        2n ** 32n - 5n,
      ]) {
        const bytes = Buffer.concat([writeLong(count), Buffer.from([1, 0])]);
        expect(faultOf(record('a', ['x', type]), bytes), `${String(count)}`).to.equal('damaged');
      }
    }
    const overlong = Buffer.alloc(40, 0x80);
    for (const type of ['int', 'long', 'string', list]) {
      expect(faultOf(record('a', ['x', type]), overlong)).to.equal('damaged');
    }
    const items = record('p', ['id', 'long'], ['n', 'int']);
    const point = record('a', ['h', { type: 'array', items }]);
    for (const bytes of [overlong, Buffer.from([2, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0])]) {
      expect(faultOf(point, bytes, { h: ['id'] })).to.equal('damaged');
    }
  });

  it('cannot ask for many things that take no bytes', () => {
    const nothing = record('nothing', ['a', 'null'], ['b', { type: 'fixed', name: 'f', size: 0 }]);
    const bytes = Buffer.concat([
      ...Array.from({ length: 3_000 }, () => writeLong(200_000)),
      Buffer.alloc(400_000),
    ]);
    for (const items of ['null', nothing]) {
      expect(faultOf(record('a', ['x', { type: 'array', items }]), bytes)).to.equal('damaged');
      const skipped = record('p', ['id', 'long'], ['list', { type: 'array', items }]);
      const history = record('a', ['h', { type: 'array', items: skipped }]);
      const packet = Buffer.concat([Buffer.from([2, 2]), bytes]);
      expect(faultOf(history, packet, { h: ['id'] })).to.equal('damaged');
    }
  });

  it('cannot nest without end', () => {
    const chain = record('a', ['next', ['null', 'a']]);
    expect(faultOf(chain, Buffer.from([2, 2, 2, 0]))).to.equal(undefined);
    expect(faultOf(chain, Buffer.alloc(1_000_000, 2))).to.equal('damaged');
    expect(faultOf(record('a', ['next', 'a']), Buffer.alloc(10))).to.equal('damaged');
    const twice = record('a', ['l', ['null', 'a']], ['r', ['null', 'a']]);
    expect(faultOf(twice, Buffer.alloc(1_000_000, 2))).to.equal('damaged');
    const points = record('p', ['id', 'long'], ['next', ['null', 'p']]);
    const history = record('a', ['h', { type: 'array', items: points }]);
    expect(faultOf(history, Buffer.alloc(1_000_000, 2), { h: ['id'] })).to.equal('damaged');
  });

  it('cannot bring schemas that grow', () => {
    const doubling = record(
      'alert',
      ...Array.from({ length: 60 }, (_, i): [string, unknown] => [
        `f${i}`,
        i === 0 ? record('r0') : record(`r${i}`, ['a', `r${i - 1}`], ['b', `r${i - 1}`]),
      ]),
    );
    const chain = record(
      'alert',
      ...Array.from({ length: 5_000 }, (_, i): [string, unknown] => [
        `f${i}`,
        i === 0 ? record('r0') : record(`r${i}`, ['a', `r${i - 1}`]),
      ]),
    );
    const wide = record(
      'alert',
      ...Array.from({ length: 30_000 }, (_, i): [string, unknown] => [`f${i}`, 'null']),
    );
    let deep: unknown = 'int';
    for (let i = 0; i < 20_000; i++) deep = { type: 'array', items: deep };
    for (const schema of [doubling, chain, wide, record('alert', ['x', deep])]) {
      expect(faultOf(schema, Buffer.alloc(10))).to.equal('unknown_schema');
    }
    const text = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
    const packet = Buffer.concat([
      containerHeader(text, MARKER),
      writeLong(0),
      writeLong(0),
      MARKER,
    ]);
    expect(readZtf(packet).fault?.fault).to.equal('unknown_schema');
  });

  it('cannot hold more alerts than memory', () => {
    // As many alerts as fit into the largest packet, with lists that hold nothing.
    const block = smallZtfDatum({ history: [], forced: [] });
    const copies = 40_000;
    const bytes = Buffer.concat(Array.from({ length: copies }, () => block));
    const parts = [ZTF_HEADER, writeLong(copies), writeLong(bytes.length), bytes, MARKER];
    const packet = Buffer.concat(parts);
    const { alerts, fault } = readZtf(packet);
    expect(fault?.message).to.match(/more values than any alert/);
    expect(alerts.length).to.be.above(5_000);
  });
});
