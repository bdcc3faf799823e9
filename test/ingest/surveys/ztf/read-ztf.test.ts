import { deflateRawSync } from 'node:zlib';

import { expect } from 'chai';

import { packetType, containerHeader, writeLong } from '../../../../ingest/simulate/avro-writer.ts';
import type { AvroRecord } from '../../../../common/avro/notation.ts';
import { ZTF_ALERT_SCHEMA } from '../../../../ingest/surveys/ztf/packet-schema.ts';
import { createZtfReader } from '../../../../ingest/surveys/ztf/read-ztf.ts';
import { MARKER, smallZtfDatum, smallZtfPacket, ZTF_HEADER } from './small-packet.ts';

/** The schema with its text changed. */
function changedPacket(change: (text: string) => string, datum = smallZtfDatum()): Buffer {
  const head = containerHeader(change(JSON.stringify(ZTF_ALERT_SCHEMA)), MARKER);
  return Buffer.concat([head, writeLong(1), writeLong(datum.length), datum, MARKER]);
}

describe('createZtfReader', () => {
  const read = createZtfReader();
  const faultOf = (packet: Buffer) => {
    const { fault } = read(packet);
    return fault && `${fault.fault}: ${fault.message}`;
  };

  it('reads an alert with its history not looked into', () => {
    const cutouts: [Buffer, null, Buffer] = [
      Buffer.from('science'),
      null,
      Buffer.from('difference'),
    ];
    const packet = smallZtfPacket({ candid: 2n ** 62n + 1n, history: [{ candid: 5n }], cutouts });
    const { alerts, fault } = read(packet);
    expect(fault).to.equal(undefined);
    const [alert] = alerts;
    expect(alert).to.include({ id: 2n ** 62n + 1n, objectId: 'ZTF25abcdefg', schemavsn: '4.02' });
    // JD 2460000.5 is 2023-02-25T00:00:00 UTC.
    expect(alert.observedAtMs).to.equal(Date.UTC(2023, 1, 25));
    expect(alert.history?.length).to.equal(1);
    expect(alert.forced).to.equal(null);
    expect(alert.cutouts.map((cutout) => cutout && Buffer.from(cutout).toString())).to.deep.equal([
      'science',
      null,
      'difference',
    ]);
  });

  it('reads several alerts of one packet, and those before the damage', () => {
    const data = [1n, 2n, 3n].map((candid) => smallZtfDatum({ candid }));
    const block = (bytes: Buffer, count: number) => [
      writeLong(count),
      writeLong(bytes.length),
      bytes,
      MARKER,
    ];
    const two = block(Buffer.concat(data.slice(0, 2)), 2);
    const sound = Buffer.concat([ZTF_HEADER, ...two, ...block(data[2], 1)]);
    expect(read(sound).alerts.map(({ id }) => id)).to.deep.equal([1n, 2n, 3n]);
    const bad = Buffer.concat([ZTF_HEADER, ...two, ...block(data[2].subarray(0, -9), 1)]);
    expect(read(bad).alerts.map(({ id }) => id)).to.deep.equal([1n, 2n]);
    expect(faultOf(bad)).to.match(/^damaged/);
    const longer = Buffer.concat([ZTF_HEADER, ...block(Buffer.concat([data[0], data[1]]), 1)]);
    expect(faultOf(longer)).to.match(/^damaged.*longer than its records/);
  });

  it('refuses alerts that cannot be', () => {
    const candidates = [{ ra: -1 }, { ra: 361 }, { dec: 91 }, { ra: NaN }, { jd: 5 }, { jd: NaN }];
    for (const candidate of candidates) {
      expect(faultOf(smallZtfPacket({ candidate })), JSON.stringify(candidate)).to.match(
        /^invalid_alert: (the position|jd) is/,
      );
    }
    for (const objectId of ['', 'ZTF', "ZTF25abcdefg'; DROP", 'ZTF25ABCDEFG']) {
      expect(faultOf(smallZtfPacket({ objectId }))).to.match(/^invalid_alert: objectId is/);
    }
  });

  it('names the survey of a packet that is not ours', () => {
    const named = (name: string) =>
      faultOf(changedPacket((text) => text.replace('"name":"alert"', `"name":"${name}"`)));
    expect(named('other.alert')).to.equal(
      "other_survey: the packet's schema is other.alert, not ztf.alert",
    );
    expect(faultOf(changedPacket(() => 'no schema'))).to.match(/^unknown_schema.*not JSON/);
    expect(faultOf(changedPacket(() => '"int"'))).to.match(/^unknown_schema/);
    const packet = Buffer.concat([ZTF_HEADER]);
    expect(faultOf(packet)).to.equal('damaged: the packet holds no alert');
    const block = deflateRawSync(smallZtfDatum());
    const head = Buffer.from(ZTF_HEADER);
    expect(
      faultOf(Buffer.concat([head, writeLong(1), writeLong(block.length), block, MARKER])),
    ).to.match(/^damaged/);
  });

  it('refuses schemas whose attributes are of other types, with the schema and not row by row', () => {
    const retyped = (from: string, to: string) =>
      faultOf(changedPacket((text) => text.replace(from, to)));
    expect(retyped('{"name":"jd","type":"double"}', '{"name":"jd","type":"string"}')).to.equal(
      "unknown_schema: the schema's jd is of type string, which ztf.candidates cannot hold",
    );
    expect(
      retyped('{"name":"isdiffpos","type":"string"}', '{"name":"isdiffpos","type":"float"}'),
    ).to.match(/isdiffpos is of type float/);
    expect(retyped('"name":"jd"', '"name":"julian"')).to.equal(
      "unknown_schema: the packet's schema has no candidate.jd",
    );
    expect(
      retyped('"name":"candidate","type":', '"name":"candidate","type":"int","old":'),
    ).to.match(/candidate is no record/);
  });

  it('answers for a candidate that is null or of no number', () => {
    const schema = structuredClone<AvroRecord>(ZTF_ALERT_SCHEMA);
    const field = schema.fields.find(({ name }) => name === 'candidate');
    if (field === undefined) throw new Error('there is no candidate');
    field.type = ['null', field.type];
    const nullable = packetType(schema);
    const sound = packetType(ZTF_ALERT_SCHEMA).fromBuffer(smallZtfDatum()) as object;
    const packetOf = (datum: Buffer) =>
      Buffer.concat([
        containerHeader(JSON.stringify(schema), MARKER),
        writeLong(1),
        writeLong(datum.length),
        datum,
        MARKER,
      ]);
    expect(read(packetOf(nullable.toBuffer(sound))).alerts).to.have.length(1);
    const without = nullable.toBuffer({ ...sound, candidate: null });
    expect(faultOf(packetOf(without))).to.equal('invalid_alert: the alert has no candidate');
  });
});
