import { expect } from 'chai';

import { separationArcsec } from '../../../common/astro/coordinates.ts';
import { readStamp } from '../../../common/fits/image.ts';
import { packetType } from '../../../ingest/simulate/avro-writer.ts';
import { packDesignation } from '../../../ingest/simulate/lsst-names.ts';
import { positionAt } from '../../../ingest/simulate/sky.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import { makePackets, NIGHT } from './make-packets.ts';
import type { MadePacket } from './make-packets.ts';

type Fields = Record<string, number | string | bigint | boolean | null>;
interface Alert {
  diaSourceId: bigint;
  diaSource: Fields;
  prvDiaSources: Fields[] | null;
  prvDiaForcedSources: Fields[] | null;
  diaObject: Fields | null;
  ssSource: Fields | null;
  mpc_orbits: Fields | null;
  cutoutScience: Buffer;
  cutoutTemplate: Buffer;
  cutoutDifference: Buffer;
}
interface Decoded extends MadePacket {
  alert: Alert;
}

const OPTIONS = { ...NIGHT, survey: 'lsst', alerts: 200, nights: 6 } as const;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('simulated Rubin packets', function () {
  this.timeout(120_000);
  let packets: Decoded[];

  before(() => {
    const schema = rubinSchema(10, 0);
    if (schema === undefined) throw new Error('no schema 10.0');
    const type = packetType(schema);
    packets = makePackets(OPTIONS).measured.map((packet) => ({
      ...packet,
      alert: type.fromBuffer(packet.bytes.subarray(5)) as Alert,
    }));
  });

  it('travel in wire format: a zero byte and schema 1000 before the datum', () => {
    for (const { bytes } of packets) {
      expect(bytes[0]).to.equal(0);
      expect(bytes.readUInt32BE(1)).to.equal(1000);
    }
  });

  it('are as many as asked for, each with an id of its own that no double holds', () => {
    expect(packets).to.have.length(OPTIONS.alerts * OPTIONS.nights);
    expect(new Set(packets.map(({ id }) => id)).size).to.equal(packets.length);
    for (const { id, alert } of packets) {
      expect(alert.diaSourceId).to.equal(id);
      expect(alert.diaSource.diaSourceId).to.equal(id);
      expect(Number.isSafeInteger(Number(id))).to.equal(false);
    }
  });

  it('measure the truth: flux and position within their errors', () => {
    const pulls = packets.map(({ alert, history, place }) => {
      const { psfFlux, psfFluxErr } = alert.diaSource;
      return (Number(psfFlux) - history.measurements[place].trueFlux) / Number(psfFluxErr);
    });
    expect(Math.max(...pulls.map(Math.abs))).to.be.lessThan(6);
    expect(Math.sqrt(mean(pulls.map((pull) => pull ** 2)))).to.be.within(0.85, 1.15);
    for (const { alert, history, place } of packets) {
      const { ra, dec } = alert.diaSource;
      const truth = positionAt(history.source, history.looks[place].visit.mjd);
      expect(separationArcsec(Number(ra), Number(dec), truth.ra, truth.dec)).to.be.lessThan(1);
    }
  });

  it('send moving sources with object 0, their orbit, and nothing of the past', () => {
    const moving = packets.filter(({ history }) => history.source.isMoving);
    expect(moving.length / packets.length).to.be.within(0.2, 0.5);
    for (const { alert, history } of moving) {
      expect(alert.diaSource.diaObjectId).to.equal(0n);
      expect(alert.diaObject).to.equal(null);
      expect(alert.prvDiaSources).to.equal(null);
      const packed = packDesignation(history.source.moving.name);
      const id = BigInt(`0x${Buffer.from(packed).toString('hex')}`);
      expect(alert.ssSource?.ssObjectId).to.equal(id);
      expect(alert.diaSource.ssObjectId).to.equal(id);
      expect(alert.mpc_orbits?.designation).to.equal(history.source.moving.name);
      expect(() => JSON.parse(String(alert.mpc_orbits?.mpc_orb_jsonb)) as unknown).not.to.throw();
    }
  });

  it('packs designations as the Minor Planet Center does', () => {
    // Examples of its page on packed designations.
    const examples = { '1995 XA': 'J95X00A', '1995 XL1': 'J95X01L', '1998 SQ108': 'J98SA8Q' };
    for (const [name, packed] of Object.entries({ ...examples, '1998 SS162': 'J98SG2S' })) {
      expect(packDesignation(name)).to.equal(packed);
    }
  });

  it('repeat every detection and forced measurement exactly', () => {
    const alerts = new Map(packets.map(({ id, alert }) => [id, alert.diaSource]));
    const forced = new Map<unknown, Fields>();
    let repeated = 0;
    for (const { alert } of packets) {
      for (const point of alert.prvDiaSources ?? []) {
        const own = alerts.get(point.diaSourceId as bigint);
        if (own === undefined) continue;
        repeated++;
        expect(point).to.deep.equal(own);
      }
      for (const point of alert.prvDiaForcedSources ?? []) {
        const before = forced.get(point.diaForcedSourceId);
        if (before !== undefined) expect(point).to.deep.equal(before);
        forced.set(point.diaForcedSourceId, point);
      }
    }
    expect(repeated).to.be.greaterThan(100);
  });

  it('count in the object what the history shows', () => {
    for (const { alert } of packets) {
      if (alert.diaObject === null) continue;
      const sources = [...(alert.prvDiaSources ?? []), alert.diaSource];
      expect(alert.diaObject.nDiaSources).to.equal(sources.length);
      expect(alert.diaObject.diaObjectId).to.equal(sources[0].diaSourceId);
      const inR = sources.filter(({ band }) => band === 'r').map(({ psfFlux }) => Number(psfFlux));
      expect(alert.diaObject.r_psfFluxNdata).to.equal(inR.length);
      if (inR.length === 0) continue;
      const spread = Math.max(...inR.map(Math.abs));
      expect(Number(alert.diaObject.r_psfFluxMean)).to.be.closeTo(mean(inR), 1e-5 * spread);
      expect(Number(alert.diaObject.r_psfFluxMax)).to.equal(Math.max(...inR));
    }
  });

  it('show the source in three HDUs: image in nJy, variance, and a PSF that sums to 1', () => {
    for (const { alert } of packets.slice(0, 60)) {
      const stamp = readStamp(alert.cutoutDifference);
      const [variance, psf] = stamp.otherHdus;
      expect(stamp.header.get('BUNIT')).to.equal('nJy');
      expect(stamp.header.has('CTYPE1')).to.equal(false);
      expect(stamp.width).to.be.within(30, 60);
      expect(variance.pixels.length).to.equal(stamp.pixels.length);
      expect(psf.pixels.reduce((sum, value) => sum + value, 0)).to.be.closeTo(1, 1e-4);
      const flux = stamp.pixels.reduce((sum, value) => sum + value, 0);
      const noise = Math.sqrt(variance.pixels.reduce((sum, value) => sum + value, 0));
      expect(Math.abs(flux - Number(alert.diaSource.psfFlux))).to.be.lessThan(5 * noise);
    }
  });

  it('are as large as real ones outside deep fields: 115 to 157 kB, stamps byte for byte', () => {
    for (const { bytes } of packets) expect(bytes.length).to.be.within(113_000, 175_000);
    const small = packets.find(({ alert }) => readStamp(alert.cutoutScience).width === 30);
    expect(small?.alert.cutoutScience).to.have.length(34_560);
    expect(small?.alert.cutoutTemplate).to.have.length(46_080);
  });
});
