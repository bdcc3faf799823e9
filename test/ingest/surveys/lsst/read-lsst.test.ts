import { expect } from 'chai';

import type { AvroRecord } from '../../../../common/avro/notation.ts';
import { PacketError, UpstreamError } from '../../../../common/errors.ts';
import { containerHeader, writeLong } from '../../../../ingest/simulate/avro-writer.ts';
import { rubinSchema, RUBIN_VERSIONS } from '../../../../ingest/surveys/lsst/packet-schemas.ts';
import { createLsstReader } from '../../../../ingest/surveys/lsst/read-lsst.ts';
import { rubinDatum, rubinPacket } from './small-packet.ts';

const MARKER = Buffer.from('0123456789abcdef');

/** A source of schemas that counts how often it is asked. */
function countedSource(change: (schema: AvroRecord) => unknown = (schema) => schema) {
  const asked: number[] = [];
  return {
    asked,
    async schemaFor(id: number): Promise<unknown> {
      asked.push(id);
      await Promise.resolve();
      const schema = rubinSchema(Math.floor(id / 100), id % 100);
      if (schema === undefined) throw new PacketError('unknown_schema', `nobody knows ${id}`);
      return change(schema);
    },
  };
}

describe('createLsstReader', () => {
  it('reads every version in wire format and in a container, each schema built once', async () => {
    const source = countedSource();
    const read = createLsstReader(source);
    for (const [major, minor] of RUBIN_VERSIONS) {
      const schemaId = 100 * major + minor;
      const packet = rubinPacket(schemaId, { diaSourceId: 2n ** 62n + 1n });
      const together = await Promise.all([read(packet), read(packet), read(packet)]);
      for (const { alerts, fault } of together) {
        expect(fault, `${schemaId}`).to.equal(undefined);
        expect(alerts[0].id).to.equal(2n ** 62n + 1n);
      }
      // Once it is known the answer is immediate.
      expect(read(packet)).not.to.be.instanceOf(Promise);
      const datum = rubinDatum(schemaId, {});
      const container = Buffer.concat([
        containerHeader(JSON.stringify(rubinSchema(major, minor)), MARKER),
        writeLong(2),
        writeLong(2 * datum.length),
        datum,
        datum,
        MARKER,
      ]);
      expect((await read(container)).alerts).to.have.length(2);
    }
    expect(source.asked).to.deep.equal(RUBIN_VERSIONS.map(([major, minor]) => 100 * major + minor));
  });

  it('knows whose a source is', async () => {
    const read = createLsstReader(countedSource());
    const ownerOf = async (source: Record<string, unknown>, diaObjectId: bigint | null = null) => {
      const { alerts, fault } = await read(rubinPacket(1000, source, { diaObjectId }));
      expect(fault).to.equal(undefined);
      return [alerts[0].ownerKind, alerts[0].ownerId];
    };
    expect(await ownerOf({ diaObjectId: 7n, ssObjectId: 0n })).to.deep.equal(['object', 7n]);
    expect(await ownerOf({ diaObjectId: 0n, ssObjectId: 8n })).to.deep.equal(['solar_system', 8n]);
    expect(await ownerOf({ diaObjectId: null, ssObjectId: 8n })).to.deep.equal([
      'solar_system',
      8n,
    ]);
    expect(await ownerOf({ diaObjectId: null, ssObjectId: null }, 9n)).to.deep.equal([
      'object',
      9n,
    ]);
    expect(await ownerOf({ diaSourceId: 5n, diaObjectId: 0n, ssObjectId: 0n })).to.deep.equal([
      'lone',
      5n,
    ]);
  });

  it('says why a packet cannot be read', async () => {
    const read = createLsstReader(countedSource());
    const faultOf = async (packet: Buffer) => {
      const { fault } = await read(packet);
      return fault && `${fault.fault}: ${fault.message}`;
    };
    const packet = rubinPacket(1000, {});
    expect(await faultOf(Buffer.concat([packet, Buffer.alloc(1)]))).to.match(/^damaged.*longer/);
    expect(await faultOf(packet.subarray(0, -1))).to.match(/^damaged/);
    expect(await faultOf(Buffer.from('{}'))).to.match(/^not_avro/);
    expect(await faultOf(Buffer.alloc(0))).to.match(/^not_avro/);
    const unknown = Buffer.from(packet);
    unknown.writeUInt32BE(9_900, 1);
    expect(await faultOf(unknown)).to.equal('unknown_schema: nobody knows 9900');
    for (const source of [
      { ra: 400 },
      { dec: NaN },
      { midpointMjdTai: -1 },
      { midpointMjdTai: NaN },
    ]) {
      expect(await faultOf(rubinPacket(1000, source))).to.match(/^invalid_alert/);
    }
    const text = JSON.stringify(rubinSchema(10, 0));
    const datum = rubinDatum(1000, {});
    const container = (schema: string) =>
      Buffer.concat([
        containerHeader(schema, MARKER),
        writeLong(1),
        writeLong(datum.length),
        datum,
        MARKER,
      ]);
    expect(await faultOf(container(text.replaceAll('lsst.v10_0', 'lsst.v6_1')))).to.match(
      /^unsupported_schema.*6\.1/,
    );
    expect(await faultOf(container(text.replaceAll('lsst.v10_0', 'lsst')))).to.match(
      /^other_survey/,
    );
    expect(
      await faultOf(
        container(text.replace('"name":"ra","type":"double"', '"name":"ra","type":"bytes"')),
      ),
    ).to.match(/^unknown_schema.*ra is of type bytes/);
  });

  it('tells the stream to wait when the registry does not answer, and asks again', async () => {
    let isAway = true;
    const source = countedSource();
    const read = createLsstReader({
      schemaFor: (id) =>
        isAway ? Promise.reject(new UpstreamError(`no answer for ${id}`)) : source.schemaFor(id),
    });
    const packet = rubinPacket(1000, {});
    const error: unknown = await Promise.resolve(read(packet)).catch((err: unknown) => err);
    expect(error).to.be.instanceOf(UpstreamError);
    isAway = false;
    expect((await read(packet)).alerts).to.have.length(1);
  });
});
