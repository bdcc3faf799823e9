import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectOtherObjects } from '../../../common/store/other-survey.ts';
import type { ObjectPlace } from '../../../common/store/places.ts';
import { linkSurveys } from '../../../post_ingest/other-survey/link-surveys.ts';
import { otherSurveyStep } from '../../../post_ingest/other-survey/other-survey-step.ts';
import type { PlacedObject } from '../../../post_ingest/steps/step.ts';
import { randomPosition, seededRandom } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import {
  asPlaced,
  chordArcsec,
  lsstNumber,
  moved,
  shuffled,
  storePlaces,
  ztfName,
} from '../placed-objects.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const MJD_NOW = 61_100.5;
const ZTF_TABLE = 'ztf.crossmatch_lsst';
const LSST_TABLE = 'lsst.crossmatch_ztf';

interface Sky {
  ztf: ObjectPlace[];
  lsst: ObjectPlace[];
}

describe('the link of both surveys', () => {
  let db: Database;
  let context: Context;
  let now = NOW;
  before(async () => {
    ({ db } = await freshDatabase());
    context = { config: parseConfig({}), db, log: silentLog, now: () => now };
  });
  after(() => db.close());
  beforeEach(async () => {
    now = NOW;
    for (const table of ['ztf.objects', 'lsst.objects', ZTF_TABLE, LSST_TABLE])
      await db.execute(`DELETE FROM ${table}`);
    await db.execute('DELETE FROM glint.job_progress');
  });

  const run = (signal = new AbortController().signal) => linkSurveys.run(context, signal);
  /** As ingest does: what is found is written with the objects, in one transaction. */
  async function ingest(survey: Survey, objects: PlacedObject[]): Promise<void> {
    const findings = await otherSurveyStep.find(db, survey, objects);
    await storePlaces(db, survey, objects);
    const server = await db.server();
    await db.transaction((tx) => findings.write(tx, server));
  }
  async function tables() {
    const read = (table: string) =>
      db.arrays(
        `SELECT objectId, CAST(diaObjectId AS CHAR), separationArcsec, \`rank\`, candidates FROM ${table} ORDER BY objectId, diaObjectId`,
      );
    return { ztf: await read(ZTF_TABLE), lsst: await read(LSST_TABLE) };
  }
  const pairsOf = async (table: string) =>
    (await db.arrays(`SELECT objectId, CAST(diaObjectId AS CHAR) FROM ${table}`)).map((row) =>
      row.join(' '),
    );

  it('finds in any order of arrival what the whole pass finds, and a comparison of all with all', async () => {
    const sky = crowdedSky(11);
    await storePlaces(db, 'ztf', sky.ztf);
    await storePlaces(db, 'lsst', sky.lsst);
    await run();
    const whole = await tables();
    expectSame(whole, comparedAllWithAll(sky));
    expect(whole.ztf.some((row) => Number(row[4]) > 2)).to.equal(true);
    for (const seed of [1, 2, 3]) {
      for (const table of ['ztf.objects', 'lsst.objects', ZTF_TABLE, LSST_TABLE])
        await db.execute(`DELETE FROM ${table}`);
      const random = seededRandom(seed);
      for (const [survey, places] of shuffledBatches(sky, random)) {
        await ingest(survey, asPlaced(places));
        // A batch may be stored twice over.
        if (random() < 0.2) await ingest(survey, asPlaced(places));
      }
      expect(await tables(), `seed ${seed}`).to.deep.equal(whole);
    }
  });

  it('follows objects that move, on either side, and gives the rest their new places', async () => {
    const at = { ra: 0.0001, decl: 10 };
    const star = { id: ztfName(1), ...at };
    const near = { id: lsstNumber(1), ...moved(at, 0.4, 90) };
    const far = { id: lsstNumber(2), ...moved(at, 1.1, -90) };
    await ingest('ztf', asPlaced([star]));
    await ingest('lsst', asPlaced([near, far]));
    expect(await selectOtherObjects(db, 'ztf', star.id)).to.containSubset([
      { id: near.id, rank: 1, candidates: 2 },
      { id: far.id, rank: 2, candidates: 2 },
    ]);
    await ingest('lsst', asPlaced([{ ...near, ...moved(at, 1.6, 90) }]));
    expect(await selectOtherObjects(db, 'ztf', star.id)).to.containSubset([
      { id: far.id, rank: 1, candidates: 1 },
    ]);
    expect(await selectOtherObjects(db, 'lsst', near.id)).to.deep.equal([]);
    await ingest('ztf', asPlaced([{ ...star, ...moved(at, 30, 0) }]));
    expect(await tables()).to.deep.equal({ ztf: [], lsst: [] });
  });

  it('links what two processes stored at one moment, each not seeing the other', async () => {
    const star = { id: ztfName(1), ra: 12, decl: -89.99999 };
    const dia = { id: lsstNumber(1), ra: 192, decl: -89.99999 };
    const [ours, theirs] = [
      await otherSurveyStep.find(db, 'ztf', asPlaced([star])),
      await otherSurveyStep.find(db, 'lsst', asPlaced([dia])),
    ];
    await storePlaces(db, 'ztf', [star]);
    await storePlaces(db, 'lsst', [{ ...dia, values: { lastDiaSourceMjdTai: MJD_NOW - 0.01 } }]);
    const server = await db.server();
    await db.transaction((tx) => ours.write(tx, server));
    await db.transaction((tx) => theirs.write(tx, server));
    expect(await pairsOf(ZTF_TABLE)).to.deep.equal([]);
    // A whole pass is not due: what was seen lately is enough.
    await db.execute(
      `REPLACE INTO glint.job_progress VALUES ('link-surveys', '{"endedAt":"${NOW.toISOString()}"}', :now)`,
      { now: NOW },
    );
    expect(await run()).to.equal('1 objects seen lately looked at, no whole pass was due');
    expect(await pairsOf(ZTF_TABLE)).to.deep.equal([`${star.id} ${dia.id}`]);
    expect(await pairsOf(LSST_TABLE)).to.deep.equal([`${star.id} ${dia.id}`]);
  });

  it('leaves out bodies of the solar system, in real time and in the pass', async () => {
    const at = { ra: 200, decl: 5 };
    const asteroid = { id: ztfName(1), ...at };
    const passedBy = { id: ztfName(2), ...at };
    const dia = { id: lsstNumber(1), ...at };
    const night = { ssnamenr: '4000', jdmin: 2461100.5, jdmax: 2461100.6 };
    const year = { ssnamenr: '4000', jdmin: 2460700.5, jdmax: 2461100.6 };
    await storePlaces(db, 'ztf', [
      { ...asteroid, values: night },
      { ...passedBy, values: year },
    ]);
    await ingest('lsst', asPlaced([dia]));
    expect(await pairsOf(ZTF_TABLE)).to.deep.equal([`${passedBy.id} ${dia.id}`]);
    for (const [jdstarthist, linked] of [
      [2461100.5, false],
      [2460700.5, true],
    ] as const) {
      const newestAlert = { ssnamenr: '4000', jd: 2461100.6, jdstarthist };
      await ingest('ztf', [{ id: ztfName(3), ...at, newestAlert }]);
      const pairs = await pairsOf(LSST_TABLE);
      expect(pairs.includes(`${ztfName(3)} ${dia.id}`), String(linked)).to.equal(linked);
    }
    await storePlaces(db, 'ztf', [{ id: ztfName(3), ...at, values: night }]);
    await run();
    expect(await pairsOf(LSST_TABLE)).to.deep.equal([`${passedBy.id} ${dia.id}`]);
  });

  it('goes on where it was stopped, and cleans up after objects that are gone', async () => {
    const random = seededRandom(7);
    const sky: Sky = { ztf: [], lsst: [] };
    // More than two pages at one and the same place, and more than two elsewhere.
    for (let i = 0; i < 4_500; i++) {
      const { ra, dec: decl } = i < 20 ? { ra: 33, dec: 3 } : randomPosition(random);
      sky.ztf.push({ id: ztfName(i), ra, decl });
      if (i < 600) sky.lsst.push({ id: lsstNumber(i), ra, decl });
    }
    await storePlaces(db, 'ztf', sky.ztf);
    await storePlaces(db, 'lsst', sky.lsst);
    const stop = new AbortController();
    let pages = 0;
    now = NOW;
    context = { ...context, now: () => (++pages === 3 && stop.abort(), NOW) };
    const error = await run(stop.signal).then(
      () => undefined,
      (err: unknown) => err,
    );
    expect(error).to.be.instanceOf(Error);
    const part = (await pairsOf(ZTF_TABLE)).length;
    expect(part)
      .to.be.greaterThan(0)
      .and.lessThan(20 * 20 + 580);
    context = { ...context, now: () => now };
    expect(await run()).to.include('4500 in a whole pass');
    expectSame(await tables(), comparedAllWithAll(sky));

    await db.execute('DELETE FROM lsst.objects WHERE diaObjectId = :id', { id: lsstNumber(3) });
    await db.execute(`DELETE FROM ${LSST_TABLE} WHERE objectId = :id`, { id: ztfName(77) });
    now = new Date(NOW.getTime() + 21 * 3_600_000);
    await run();
    const left = { ztf: sky.ztf, lsst: sky.lsst.filter(({ id }) => id !== lsstNumber(3)) };
    expectSame(await tables(), comparedAllWithAll(left));
  });
});

interface Tables {
  ztf: unknown[][];
  lsst: unknown[][];
}

/** Another formula gives distances that differ in their last digits. */
function expectSame(found: Tables, expected: Tables): void {
  const rounded = ({ ztf, lsst }: Tables) =>
    [ztf, lsst].map((rows) =>
      rows.map((row) => [row[0], row[1], Number(row[2]).toFixed(6), row[3], row[4]]),
    );
  expect(rounded(found)).to.deep.equal(rounded(expected));
}

/** Clumps of objects of both surveys, a few arcseconds wide: at random, at the poles, across RA 0. */
function crowdedSky(seed: number): Sky {
  const random = seededRandom(seed);
  const sky: Sky = { ztf: [], lsst: [] };
  const centres = [
    { ra: 0, dec: 0 },
    { ra: 0, dec: 90 },
    { ra: 0, dec: -90 },
    { ra: 359.99999, dec: 60 },
    { ra: 45, dec: 41.8103 },
    { ra: 90, dec: -41.8103 },
    ...Array.from({ length: 60 }, () => randomPosition(random)),
  ];
  for (const centre of centres) {
    for (const survey of ['ztf', 'lsst'] as const) {
      const count = 1 + Math.floor(random() * 4);
      for (let i = 0; i < count; i++) {
        const place = moved({ ra: centre.ra, decl: centre.dec }, 2 * random(), 360 * random());
        const number = sky[survey].length;
        sky[survey].push({ id: survey === 'ztf' ? ztfName(number) : lsstNumber(number), ...place });
      }
    }
  }
  // Two at exactly one place: then the number decides.
  sky.lsst.push({ ...sky.lsst[0], id: lsstNumber(9_000_000_000_000_000) });
  return sky;
}

function shuffledBatches(sky: Sky, random: () => number): [Survey, ObjectPlace[]][] {
  const batches: [Survey, ObjectPlace[]][] = [];
  for (const survey of ['ztf', 'lsst'] as const) {
    const places = shuffled(sky[survey], random);
    while (places.length > 0) batches.push([survey, places.splice(0, 1 + random() * 30)]);
  }
  return shuffled(batches, random);
}

/** The chord between the directions decides: another formula than the program's. */
function comparedAllWithAll(sky: Sky): Tables {
  const pairs = sky.ztf.flatMap((ztf) =>
    sky.lsst
      .filter((lsst) => Math.abs(lsst.decl - ztf.decl) < 0.001)
      .map((lsst) => ({ ztf, lsst, arcsec: chordArcsec(ztf, lsst) }))
      .filter(({ arcsec }) => arcsec <= 1.5),
  );
  const rows = (side: 'ztf' | 'lsst') =>
    pairs.map(({ ztf, lsst, arcsec }) => {
      const group = pairs.filter((pair) => pair[side] === (side === 'ztf' ? ztf : lsst));
      const rivals = group.filter(
        (pair) => pair.arcsec < arcsec || (pair.arcsec === arcsec && isBefore(pair, { ztf, lsst })),
      );
      return [ztf.id, lsst.id, arcsec, rivals.length + 1, group.length];
    });
  const byKey = (a: unknown[], b: unknown[]) =>
    `${String(a[0])} ${String(a[1])}` < `${String(b[0])} ${String(b[1])}` ? -1 : 1;
  return { ztf: rows('ztf').sort(byKey), lsst: rows('lsst').sort(byKey) };
}

function isBefore(
  a: { ztf: ObjectPlace; lsst: ObjectPlace },
  b: { ztf: ObjectPlace; lsst: ObjectPlace },
): boolean {
  return a.ztf.id < b.ztf.id || (a.ztf.id === b.ztf.id && BigInt(a.lsst.id) < BigInt(b.lsst.id));
}
