import { nightOfDate } from '../../common/astro/time.ts';
import { writeFitsImage } from '../../common/fits/write-image.ts';
import { openCutoutPacks } from '../../common/store/cutouts.ts';
import type { Database } from '../../common/store/database.ts';
import { LSST_BANDS, MJD_NOW, insert, lsstObjectRow, randoms, ztfObjectRow } from './seed-rows.ts';
import type { Row } from './seed-rows.ts';
import { seedSurroundings } from './seed-surroundings.ts';

/** The night that the seeded site lives in. */
export const NOW = new Date('2026-11-21T10:40:00Z');
export const ZTF_ID = 'ZTF26aaglint';
export const LSST_ID = '313637921267122191';
export const SS_ID = '21163620066048311';
export const ZTF_CENTRE = { ra: 194.494, dec: 48.851 };
const LSST_CENTRE = { ra: 52.8381, dec: -28.2776 };
/** Points of the ZTF object by kind. */
export const ZTF_COUNTS = { detections: 31, negative: 2, nonDetections: 14, forced: 20 };
export const LSST_COUNTS = { detections: 46, forced: 60 };

const TAI_OFFSET = 37 / 86_400;
const FIRST_CANDID = 3611000000015015001n;
const FIRST_SOURCE = 170112044512575500n;

/**
 * One object of each survey with a supernova's light curve and what is around it, an asteroid of
 * Rubin's, and a ledger.
 */
export async function seed(db: Database, cutoutDir: string): Promise<void> {
  await seedZtf(db, cutoutDir);
  await seedLsst(db);
  await seedSurroundings(db, { ztf: ZTF_ID, lsst: LSST_ID, solarSystem: SS_ID });
  await seedLedger(db);
}

async function seedZtf(db: Database, cutoutDir: string): Promise<void> {
  const random = randoms(42);
  const detections: Row[] = [];
  for (let i = 0; i < ZTF_COUNTS.detections; i++) {
    const day = -52 + i * 1.7;
    const fid = 1 + (i % 3 === 2 ? 0 : i % 2);
    const isNegative = i < ZTF_COUNTS.negative;
    const phase = day + 38;
    const curve = phase < 0 ? 17.2 + 0.011 * phase ** 2 : 17.2 + 0.055 * phase;
    const mag = isNegative ? 19.9 + 0.3 * random() : curve + (fid === 1 ? 0.012 * phase : 0);
    detections.push({
      candid: FIRST_CANDID + BigInt(i) * 1000n,
      objectId: ZTF_ID,
      jd: MJD_NOW + 2_400_000.5 + day,
      fid,
      pid: 3611000000015n + BigInt(i),
      nid: 3611 + Math.floor(day),
      field: 789,
      rcid: 33,
      ra: ZTF_CENTRE.ra + (random() - 0.5) * 1e-4,
      decl: ZTF_CENTRE.dec + (random() - 0.5) * 8e-5,
      magpsf: mag + (random() - 0.5) * 0.08,
      sigmapsf: 0.03 + 0.06 * random() + (isNegative ? 0.1 : 0),
      isdiffpos: isNegative ? 'f' : 't',
      diffmaglim: 20.4,
      magnr: 18.61,
      sigmagnr: 0.03,
      distnr: 1.2,
      magzpsci: 26.2,
      rb: 0.7 + 0.3 * random(),
      drb: i % 9 === 3 ? null : 0.9 + 0.1 * random(),
      ssdistnr: -999,
      ssnamenr: 'null',
      ndethist: i + 1,
      hasalert: i % 4 === 3 ? 0 : 1,
    });
  }
  const nonDetections = Array.from({ length: ZTF_COUNTS.nonDetections }, (_, i) => ({
    objectId: ZTF_ID,
    pid: 3500000000015n + BigInt(i),
    jd: MJD_NOW + 2_400_000.5 - 75 + i * 1.6,
    fid: 1 + (i % 2),
    nid: 3536 + i,
    diffmaglim: 19.6 + random(),
  }));
  const forced = Array.from({ length: ZTF_COUNTS.forced }, (_, i) => ({
    objectId: ZTF_ID,
    pid: 3700000000015n + BigInt(i),
    jd: MJD_NOW + 2_400_000.5 - 30 + i * 1.45,
    fid: 1 + (i % 2),
    forcediffimflux: i === 0 ? -99999 : 2000 * Math.exp(-i / 12) + 40 * random(),
    forcediffimfluxunc: i === 0 ? -99999 : 60,
    magzpsci: 26.2,
    diffmaglim: 20.4,
    procstatus: '0',
  }));
  await insert(db, 'ztf', 'candidates', detections);
  await insert(db, 'ztf', 'noncandidates', nonDetections);
  await insert(db, 'ztf', 'forcedphot', forced);
  await insert(db, 'ztf', 'objects', [
    ztfObjectRow(ZTF_ID, ZTF_CENTRE, detections, {
      nnoncand: nonDetections.length,
      nforced: forced.length,
    }),
  ]);
  const packs = openCutoutPacks(cutoutDir, 'ztf', 'seed');
  for (const row of detections.filter((each) => each.hasalert === 1)) {
    const stamps = stampTriplet(Number(row.magpsf), random);
    const { pack, position } = await packs.append(3611, stamps);
    await insert(db, 'ztf', 'cutouts', [
      {
        candid: row.candid,
        pack,
        position: BigInt(position),
        science: stamps[0].length,
        template: stamps[1].length,
        difference: stamps[2].length,
      },
    ]);
  }
  await packs.close();
}

async function seedLsst(db: Database): Promise<void> {
  const random = randoms(9);
  const sources: Row[] = Array.from({ length: LSST_COUNTS.detections }, (_, i) => {
    const day = -80 + i * 1.7;
    const flux = 4_000 * Math.exp(-(((day + 40) / 18) ** 2)) + 120 * (random() - 0.5) - 150;
    return {
      diaSourceId: FIRST_SOURCE + BigInt(i) * 7n,
      diaObjectId: BigInt(LSST_ID),
      ssObjectId: 0n,
      visit: 2026031000000n + BigInt(i),
      detector: 94,
      midpointMjdTai: MJD_NOW + TAI_OFFSET + day,
      band: LSST_BANDS[i % 6],
      ra: LSST_CENTRE.ra + (random() - 0.5) * 2e-5,
      decl: LSST_CENTRE.dec + (random() - 0.5) * 2e-5,
      psfFlux: flux * (1 - 0.08 * (i % 6)),
      psfFluxErr: 70 + 40 * random(),
      scienceFlux: flux + 9_000,
      scienceFluxErr: 80,
      snr: Math.abs(flux) / 80,
      reliability: 0.6 + 0.4 * random(),
      extendedness: 0,
      hasalert: 1,
    };
  });
  const forced = Array.from({ length: LSST_COUNTS.forced }, (_, i) => ({
    diaForcedSourceId: 900_000_000_000_000_000n + BigInt(i),
    diaObjectId: BigInt(LSST_ID),
    visit: 2026031000000n + BigInt(i),
    detector: 94,
    midpointMjdTai: MJD_NOW + TAI_OFFSET - 90 + i * 1.5,
    band: LSST_BANDS[i % 6],
    psfFlux: 3_900 * Math.exp(-(((-50 + i * 1.5) / 18) ** 2)) + 160 * (random() - 0.5),
    psfFluxErr: 100,
  }));
  await insert(db, 'lsst', 'diaSources', sources);
  await insert(db, 'lsst', 'diaForcedSources', forced);
  await insert(db, 'lsst', 'objects', [
    lsstObjectRow(BigInt(LSST_ID), LSST_CENTRE, sources, forced.length),
  ]);
  const asteroid = Array.from({ length: 4 }, (_, i) => ({
    ...sources[i],
    diaSourceId: FIRST_SOURCE + 5_000n + BigInt(i),
    diaObjectId: 0n,
    ssObjectId: BigInt(SS_ID),
    ra: 10 + 0.01 * i,
    decl: 2 + 0.003 * i,
    psfFlux: 5_000 + i,
  }));
  await insert(db, 'lsst', 'diaSources', asteroid);
}

async function seedLedger(db: Database): Promise<void> {
  const nid = nightOfDate(NOW);
  const ztf = { topic: 'ztf_20261121_programid1', survey: 'ztf' };
  const lsst = { topic: 'lsst-alerts-v11.1', survey: 'lsst' };
  const counts = (received: number, known: number, dead: number) => ({
    received,
    stored: received - known - dead,
    known,
    dead_lettered: dead,
  });
  await insert(db, 'glint', 'ledger', [
    { nid, partition_id: 0, ...ztf, ...counts(104_211, 12, 3) },
    { nid, partition_id: 1, ...ztf, ...counts(103_874, 0, 0) },
    { nid, partition_id: 0, ...lsst, ...counts(412_096, 200, 1) },
    {
      nid: nid - 1,
      partition_id: 0,
      ...ztf,
      topic: 'ztf_20261120_programid1',
      ...counts(190_555, 0, 0),
    },
  ]);
  await insert(db, 'glint', 'stream_offsets', [
    { ...ztf, partition_id: 0, next_offset: 104_211n, updated_at: NOW },
    { ...ztf, partition_id: 1, next_offset: 103_874n, updated_at: NOW },
    { ...lsst, partition_id: 0, next_offset: 412_096n, updated_at: NOW },
  ]);
  const random = randoms(3);
  const batches = Array.from({ length: 900 }, (_, i) => {
    const survey = i % 3 === 0 ? 'ztf' : 'lsst';
    const received = Math.floor(300 + 700 * random());
    return {
      survey,
      process: 'host:4711',
      committed_at: new Date(NOW.getTime() - (900 - i) * 40_000 + 20_000),
      received,
      stored: received,
      known: 0,
      dead_lettered: 0,
      packet_bytes: BigInt(received * 70_000),
      kafka_delay_ms: 300 + 200 * random(),
      kafka_delay_max_ms: 900,
      observation_delay_s: survey === 'ztf' ? 480 : 75,
      timings: '{}',
    };
  });
  await insert(db, 'glint', 'batches', batches);
  await insert(db, 'glint', 'dead_letters', [
    {
      survey: 'ztf',
      topic: ztf.topic,
      partition_id: 0,
      message_offset: 4_711n,
      record_number: 0,
      fault: 'damaged',
      reason: 'the packet ends in the middle of <cutoutScience>',
      packet: 'x',
      arrived_at: NOW,
    },
  ]);
  await insert(db, 'glint', 'processes', [
    {
      process: 'host:4711',
      kind: 'ingest',
      started_at: new Date(NOW.getTime() - 3_600_000),
      seen_at: NOW,
      state: '{"memoryBytes":214000000,"waitingFor":"kafka","topics":["a","b"]}',
    },
  ]);
  await insert(db, 'glint', 'job_runs', [
    {
      job: 'prune',
      process: 'host:4712',
      started_at: new Date(NOW.getTime() - 600_000),
      ended_at: new Date(NOW.getTime() - 599_000),
      outcome: 'nothing older than 30 days',
      succeeded: 1,
    },
  ]);
}

/** A point source on a galaxy, the galaxy alone, and the difference: 63 x 63 with noise. */
function stampTriplet(mag: number, random: () => number): Buffer[] {
  const size = 63;
  const peak = 10 ** (0.4 * (21.5 - mag));
  const image = (source: number, galaxy: number) => {
    const pixels = new Float32Array(size * size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const r2 = (x - 31) ** 2 + (y - 31) ** 2;
        const g2 = ((x - 36) / 1.6) ** 2 + (y - 27) ** 2;
        const noise = random() + random() + random() - 1.5;
        pixels[y * size + x] =
          source * peak * Math.exp(-r2 / 5) + galaxy * 30 * Math.exp(-Math.sqrt(g2) / 4) + noise;
      }
    }
    return writeFitsImage(pixels, size, size);
  };
  return [image(1, 1), image(0, 1), image(1, 0)];
}
