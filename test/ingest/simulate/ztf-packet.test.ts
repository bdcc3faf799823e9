import avro from 'avsc';
import { expect } from 'chai';

import { separationArcsec } from '../../../common/astro/coordinates.ts';
import type { AvroRecord } from '../../../common/avro/notation.ts';
import { readStamp } from '../../../common/fits/image.ts';
import { packetType } from '../../../ingest/simulate/avro-writer.ts';
import { magOfNJy } from '../../../ingest/simulate/light-curves.ts';
import { positionAt } from '../../../ingest/simulate/sky.ts';
import { makePackets, NIGHT } from './make-packets.ts';
import type { MadePacket } from './make-packets.ts';

type Fields = Record<string, number | string | bigint | null>;
interface Alert {
  objectId: string;
  candid: bigint;
  candidate: Fields;
  prv_candidates: Fields[];
  fp_hists: Fields[];
  cutoutScience: { fileName: string; stampData: Buffer };
  cutoutTemplate: { stampData: Buffer };
  cutoutDifference: { stampData: Buffer };
}
interface Decoded extends MadePacket {
  alert: Alert;
}

/** By avsc's own reader of containers, not by the project's. */
function decode(bytes: Buffer): Promise<Alert[]> {
  return new Promise((resolve, reject) => {
    const alerts: Alert[] = [];
    const decoder = new avro.streams.BlockDecoder({
      parseHook: (schema) => packetType(schema as unknown as AvroRecord),
    });
    decoder.on('data', (alert: Alert) => alerts.push(alert));
    decoder.on('error', reject);
    decoder.on('end', () => resolve(alerts));
    decoder.end(bytes);
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const isDetection = (point: Fields) => point.magpsf !== null;

describe('simulated ZTF packets', function () {
  this.timeout(120_000);
  let packets: Decoded[];

  before(async () => {
    const made = makePackets(NIGHT).measured;
    packets = await Promise.all(
      made.map(async (packet) => ({ ...packet, alert: (await decode(packet.bytes))[0] })),
    );
  });

  it('are as many as asked for, in order of time, each with an id of its own', () => {
    expect(packets).to.have.length(NIGHT.alerts * NIGHT.nights);
    expect(new Set(packets.map(({ alert }) => alert.candid)).size).to.equal(packets.length);
    const times = packets.map(({ alert }) => Number(alert.candidate.jd));
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    for (const { id, objectId, alert } of packets) {
      expect(alert.candid).to.equal(id);
      expect(alert.candidate.candid).to.equal(id);
      expect(alert.objectId)
        .to.equal(objectId)
        .and.match(/^ZTF\d\d[a-z]{7}$/);
      expect(Number.isSafeInteger(Number(id))).to.equal(false);
      expect(id / 1_000_000n).to.equal(alert.candidate.pid);
    }
  });

  it('hold no NaN, and positions on the sphere within the noise of the truth', () => {
    for (const { alert, history } of packets) {
      for (const record of [alert.candidate, ...alert.prv_candidates, ...alert.fp_hists]) {
        const broken = Object.entries(record).filter(([, value]) => Number.isNaN(value));
        expect(broken).to.deep.equal([]);
      }
      const { ra, dec, jd } = alert.candidate;
      expect(Number(ra)).to.be.within(0, 360);
      expect(Number(dec)).to.be.within(-90, 90);
      const truth = positionAt(history.source, Number(jd) - 2_400_000.5);
      expect(separationArcsec(Number(ra), Number(dec), truth.ra, truth.dec)).to.be.lessThan(2.5);
    }
  });

  it('measure the true difference flux within its errors', () => {
    const pulls = packets.map(({ alert, history, place }) => {
      const { trueFlux } = history.measurements[place];
      const { magpsf, sigmapsf, isdiffpos } = alert.candidate;
      const sign = isdiffpos === 't' ? 1 : -1;
      const flux = sign * 10 ** (-0.4 * (Number(magpsf) - 31.4));
      return (flux - trueFlux) / ((Number(sigmapsf) / 1.0857) * Math.abs(flux));
    });
    expect(Math.max(...pulls.map(Math.abs))).to.be.lessThan(6);
    const spread = Math.sqrt(mean(pulls.map((pull) => pull ** 2)));
    expect(spread).to.be.within(0.85, 1.15);
  });

  it('repeat every detection and limit exactly in later packets of the object', () => {
    const alerts = new Map(packets.map(({ alert }) => [alert.candid, alert.candidate]));
    const seen = new Map<string, Fields>();
    let repeated = 0;
    for (const { alert } of packets) {
      for (const point of alert.prv_candidates) {
        const key = `${alert.objectId} ${String(point.pid)}`;
        const before = seen.get(key);
        if (before !== undefined) expect({ ...point }).to.deep.equal({ ...before });
        seen.set(key, point);
        const own = alerts.get(point.candid as bigint);
        if (!isDetection(point) || own === undefined) continue;
        repeated++;
        for (const [name, value] of Object.entries(point)) {
          expect(value, name).to.equal(own[name]);
        }
      }
    }
    expect(repeated).to.be.greaterThan(50);
  });

  it('bring the detections and the limits of thirty days, oldest first', () => {
    for (const { alert, history } of packets) {
      const jd = Number(alert.candidate.jd);
      const times = alert.prv_candidates.map((point) => Number(point.jd));
      expect(times).to.deep.equal([...times].sort((a, b) => a - b));
      expect(Math.min(jd, ...times)).to.be.greaterThan(jd - 30);
      expect(Math.max(jd - 1, ...times)).to.be.lessThan(jd);
      const earlier = alert.prv_candidates.filter(isDetection).length;
      expect(Number(alert.candidate.ndethist)).to.be.greaterThan(earlier);
      if (history.source.isMoving) expect(earlier).to.equal(0);
      for (const point of alert.prv_candidates.filter(isDetection)) {
        expect(Number(point.magpsf)).to.be.lessThan(Number(point.diffmaglim) + 0.01);
      }
    }
  });

  it('give the nearest reference source and catalogue star where the truth has its own', () => {
    const stars = packets.filter(({ history }) => history.source.kind === 'rrLyrae');
    expect(stars.length).to.be.greaterThan(20);
    for (const { alert, history } of stars) {
      const own = history.source.counterpart;
      const offset = own === undefined ? -1 : Math.hypot(own.east, own.north);
      expect(Number(alert.candidate.distpsnr1)).to.be.at.most(offset + 1e-5);
      if (own?.mags[2] !== alert.candidate.srmag1) continue;
      expect(Number(alert.candidate.sgscore1)).to.be.greaterThan(0.5);
    }
    for (const { alert, history } of packets) {
      if (history.source.isMoving) expect(alert.candidate.ssnamenr).to.match(/^\d+$/);
      else expect(alert.candidate.ssnamenr).to.equal('null');
    }
  });

  it('show the source on the difference stamp at its flux, and the template without it', () => {
    for (const { alert } of packets.slice(0, 80)) {
      const { candidate } = alert;
      const [science, template, difference] = [
        alert.cutoutScience,
        alert.cutoutTemplate,
        alert.cutoutDifference,
      ].map(({ stampData }) => readStamp(stampData));
      for (const { width, height } of [science, template]) {
        expect([width, height]).to.deep.equal([difference.width, difference.height]);
      }
      expect(Math.max(difference.width, difference.height)).to.be.at.most(63);
      const isAtEdge = Number(candidate.mindtoedge) < 31;
      expect(difference.width === 63 && difference.height === 63).to.equal(!isAtEdge);
      if (isAtEdge || difference.pixels.some(Number.isNaN)) continue;
      const sign = candidate.isdiffpos === 't' ? 1 : -1;
      const exponent = 0.4 * (Number(candidate.magzpsci) - Number(candidate.magpsf));
      const expected = sign * 10 ** exponent;
      let sum = 0;
      for (let row = 24; row < 39; row++) {
        for (let column = 24; column < 39; column++) {
          sum += difference.pixels[row * 63 + column];
        }
      }
      // 225 pixels of noise, each some half a sigma of the source over the square root of its area.
      const tolerance = 5 * Math.abs(expected) * Number(candidate.sigmapsf) * 2.5;
      expect(sum).to.be.closeTo(expected, tolerance);
    }
  });

  it('are as large as the real ones, piece by piece', () => {
    const sizes = (pick: (alert: Alert) => number) => mean(packets.map(({ alert }) => pick(alert)));
    expect(mean(packets.map(({ bytes }) => bytes.length))).to.be.within(72_000, 82_000);
    // Full stamps of 2023-10-12 have 13,300, 12,600 and 14,890 bytes.
    expect(sizes((alert) => alert.cutoutScience.stampData.length)).to.be.within(12_600, 13_600);
    expect(sizes((alert) => alert.cutoutTemplate.stampData.length)).to.be.within(12_000, 12_900);
    expect(sizes((alert) => alert.cutoutDifference.stampData.length)).to.be.within(14_300, 15_000);
    expect(sizes((alert) => alert.fp_hists.length)).to.be.within(12, 22);
    expect(sizes((alert) => alert.prv_candidates.length)).to.be.within(26, 44);
  });

  it('let one object brighten and fade over the nights', () => {
    const byObject = new Map<string, number[]>();
    for (const { objectId, history, place } of packets) {
      if (history.source.isMoving) continue;
      const mags = byObject.get(objectId) ?? [];
      byObject.set(objectId, [...mags, magOfNJy(Math.abs(history.measurements[place].flux))]);
    }
    const repeated = [...byObject.values()].filter((mags) => mags.length > 1);
    expect(repeated.length).to.be.greaterThan(40);
    expect(repeated.some((mags) => Math.max(...mags) - Math.min(...mags) > 0.3)).to.equal(true);
  });
});
