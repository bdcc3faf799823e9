import { expect } from 'chai';

import { planNights } from '../../../ingest/simulate/plan.ts';
import { prepareWorkload } from '../../../ingest/simulate/workloads.ts';
import { makePackets, NIGHT } from './make-packets.ts';
import type { MadePacket } from './make-packets.ts';

const ONE_NIGHT = { ...NIGHT, nights: 1, alerts: 1200 } as const;

/** Whether nothing of the packet's object was detected before it. */
const isFirst = ({ history, place }: MadePacket) =>
  history.source.isMoving || history.detectionsUpTo[place] === 1;

describe('workloads', function () {
  this.timeout(120_000);

  it('steady: six in ten packets are the first of their object, the others are known', () => {
    for (const survey of ['ztf', 'lsst'] as const) {
      const { preload, measured } = makePackets({ ...ONE_NIGHT, survey, workload: 'steady' });
      expect(measured.filter(isFirst).length / measured.length).to.be.within(0.5, 0.7);
      const known = new Set(preload.map(({ objectId }) => objectId));
      for (const packet of measured) {
        if (!isFirst(packet)) expect(known.has(packet.objectId)).to.equal(true);
        known.add(packet.objectId);
      }
      const nightBegins = Math.min(
        ...measured.map(({ history, place }) => history.looks[place].visit.mjd),
      );
      for (const { history, place } of preload) {
        expect(history.looks[place].visit.mjd).to.be.lessThan(nightBegins);
      }
    }
  });

  it('cold: every packet is of another object and brings 9 to 22 earlier detections', () => {
    const { preload, measured } = makePackets({ ...ONE_NIGHT, alerts: 150, workload: 'cold' });
    expect(preload).to.have.length(0);
    expect(new Set(measured.map(({ objectId }) => objectId)).size).to.equal(150);
    for (const { history, place } of measured) {
      const from = history.looks[place].visit.mjd - 30;
      const earlier = history.measurements.filter(
        ({ isDetected }, n) => isDetected && n < place && history.looks[n].visit.mjd > from,
      );
      expect(earlier.length).to.be.within(9, 22);
    }
  });

  it('deep: few objects, some 1,000 sources and as many forced points in every packet', () => {
    const options = { ...ONE_NIGHT, survey: 'lsst', alerts: 120, workload: 'deep' } as const;
    const { preload, measured } = makePackets(options);
    const objects = new Set(measured.map(({ objectId }) => objectId));
    expect(objects.size).to.be.lessThan(12);
    expect(new Set(preload.map(({ objectId }) => objectId)).size).to.equal(objects.size);
    const size = measured.reduce((sum, { bytes }) => sum + bytes.length, 0) / measured.length;
    expect(size).to.be.within(400_000, 650_000);
    for (const { history, place } of measured) {
      expect(history.detectionsUpTo[place]).to.be.within(650, 1500);
    }
  });

  it('plans the same alerts for the same options and others for another seed', () => {
    const options = { ...ONE_NIGHT, alerts: 300 };
    expect(planNights(options)).to.deep.equal(planNights(options));
    expect(planNights({ ...options, seed: 12 }).measured.mjd).not.to.deep.equal(
      planNights(options).measured.mjd,
    );
  });

  it('says which workloads a survey has', async () => {
    const error = await prepareWorkload('ztf', 'deep', 'nowhere').catch((err: unknown) => err);
    expect(String(error)).to.contain('steady, cold');
  });
});
