import { expect } from 'chai';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { difference, isSameRegion, union } from '../../../common/moc/combine.ts';
import { EMPTY_MOC, hasPosition, WHOLE_SKY } from '../../../common/moc/moc.ts';
import type { Moc } from '../../../common/moc/moc.ts';
import { applyShapes, ShapesSchema } from '../../../common/moc/shapes.ts';
import type { Database } from '../../../common/store/database.ts';
import { deleteAccount } from '../../../common/store/accounts/end-account.ts';
import { selectMatchesOf, selectOpenMatches } from '../../../common/store/lists/list-matches.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import {
  changeCoverage,
  copyWatchmap,
  createWatchmap,
  deleteWatchmap,
  editWatchmap,
} from '../../../common/store/lists/watchmap-edits.ts';
import { selectMoc, selectWatchmap } from '../../../common/store/lists/watchmaps.ts';
import { matchPastOfWatchmaps } from '../../../post_ingest/watchmaps/match-past.ts';
import { matchWatchmap } from '../../../post_ingest/watchmaps/match-watchmap.ts';
import { watchmapStep } from '../../../post_ingest/watchmaps/watchmap-step.ts';
import { randomPosition, seededRandom } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';

const NOW = new Date('2026-03-01T00:00:00Z');
const never = new AbortController().signal;
const SETTINGS = { name: 'north', description: '', active: true, public: false };
const circle = (ra: number, dec: number, radius: number): Moc =>
  applyShapes(ShapesSchema.parse([{ kind: 'circle', ra, dec, radius }]));

interface Placed {
  id: string;
  ra: number;
  decl: number;
}

describe('watchmaps', function () {
  this.timeout(120_000);
  let db: Database;
  let context: Context;
  let editor: { userId: number; now: Date };
  const objects: Record<Survey, Placed[]> = { ztf: [], lsst: [] };

  before(async () => {
    const fresh = await freshDatabase();
    ({ db } = fresh);
    const config = parseConfig({ GLINT_DATABASE_URL: fresh.url });
    context = { config, db, log: silentLog, now: () => NOW };
    editor = { userId: await user('vera'), now: NOW };
    const random = seededRandom(4);
    for (let i = 0; i < 3_000; i++) {
      const { ra, dec } = randomPosition(random);
      const letters = Array.from({ length: 7 }, (_, k) =>
        String.fromCharCode(97 + (Math.floor(i / 26 ** k) % 26)),
      );
      objects.ztf.push({ id: `ZTF26${letters.join('')}`, ra, decl: dec });
      objects.lsst.push({ id: String(10n ** 17n + BigInt(i)), ra, decl: -dec });
    }
    for (const survey of ['ztf', 'lsst'] as const) await store(survey, objects[survey]);
  });
  after(() => db?.close());

  function user(name: string): Promise<number> {
    const account = { name, email: `${name}@example.org`, role: 'user' as const };
    return db.transaction((tx) => insertUser(tx, account, NOW));
  }

  async function store(survey: Survey, placed: readonly Placed[]): Promise<void> {
    const [key, ra, decl] =
      survey === 'ztf' ? ['objectId', 'ramean', 'decmean'] : ['diaObjectId', 'ra', 'decl'];
    const required = await db.arrays(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = '${survey}'
       AND table_name = 'objects' AND is_nullable = 'NO' AND column_default IS NULL
       AND column_name NOT IN ('${key}', '${ra}', '${decl}', 'hpx29')`,
    );
    const others = required.map(([name]) => `, \`${String(name)}\``).join('');
    const rows = placed.map(
      (each) =>
        `('${each.id}', ${each.ra}, ${each.decl}, ${hpx29(each.ra, each.decl)}${', 1'.repeat(required.length)})`,
    );
    await db.execute(
      `INSERT INTO ${survey}.objects (${key}, ${ra}, ${decl}, hpx29${others}) VALUES ${rows.join(',')}
       ON DUPLICATE KEY UPDATE ${ra} = VALUES(${ra}), ${decl} = VALUES(${decl}), hpx29 = VALUES(hpx29)`,
    );
  }

  async function hitsOf(survey: Survey, id: number): Promise<string[]> {
    const key = survey === 'ztf' ? 'objectId' : 'diaObjectId';
    const rows = await db.arrays(`SELECT ${key} FROM ${survey}.area_hits WHERE ar_id = ${id}`);
    return rows.map(([each]) => String(each)).sort();
  }

  const insideOf = (survey: Survey, moc: Moc) =>
    objects[survey]
      .filter(({ ra, decl }) => hasPosition(moc, ra, decl))
      .map(({ id }) => id)
      .sort();

  async function expectAll(id: number, moc: Moc): Promise<void> {
    for (const survey of ['ztf', 'lsst'] as const) {
      expect(await hitsOf(survey, id)).to.deep.equal(insideOf(survey, moc));
    }
  }

  async function runStep(survey: Survey, placed: readonly Placed[], between?: () => Promise<void>) {
    const findings = await watchmapStep.find(
      db,
      survey,
      placed.map((each) => ({ ...each, newestAlert: null })),
    );
    await between?.();
    const server = await db.server();
    await db.transaction((tx) => findings.write(tx, server));
  }

  it('are kept to the last cell, with a new version for every change of what they cover', async () => {
    const moc = circle(10, 50, 20);
    const id = await createWatchmap(db, editor, SETTINGS, moc);
    const stored = await selectMoc(db, id);
    expect(isSameRegion(stored?.moc ?? EMPTY_MOC, moc)).to.equal(true);
    expect(stored?.version).to.equal(1);
    expect((await selectWatchmap(db, id, editor.userId)).squareDegrees).to.be.closeTo(1244, 3);
    const hole = circle(10, 50, 5);
    expect(await changeCoverage(db, editor, id, (old) => difference(old, hole))).to.equal(true);
    expect(await changeCoverage(db, editor, id, (old) => old)).to.equal(false);
    await editWatchmap(db, editor, id, { description: 'a ring' });
    expect((await selectMoc(db, id))?.version).to.equal(2);
    const copy = await copyWatchmap(db, editor, id);
    expect((await selectWatchmap(db, copy, editor.userId)).name).to.equal('north (2)');
    await deleteWatchmap(db, editor, copy);
    await deleteWatchmap(db, editor, id);
    await matchPastOfWatchmaps(context, never);
    expect(await db.arrays('SELECT * FROM glint.area_mocs')).to.deep.equal([]);
    expect(await db.arrays('SELECT * FROM glint.list_matches')).to.deep.equal([]);
  });

  it('are their owner’s alone to see and change, until they are public', async () => {
    const other = { userId: await user('other'), now: NOW };
    const id = await createWatchmap(db, editor, SETTINGS, WHOLE_SKY);
    const refused = async (work: Promise<unknown>, kind: new (message: string) => Error) => {
      const err: unknown = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(err).to.be.instanceOf(kind);
    };
    await refused(selectWatchmap(db, id, other.userId), NotFoundError);
    await refused(copyWatchmap(db, other, id), NotFoundError);
    await refused(editWatchmap(db, other, id, { public: true }), NotFoundError);
    await refused(
      createWatchmap(db, editor, { ...SETTINGS, name: 'NORTH' }, WHOLE_SKY),
      InvalidInputError,
    );
    await refused(
      createWatchmap(db, editor, { ...SETTINGS, name: 'none' }, EMPTY_MOC),
      InvalidInputError,
    );
    await editWatchmap(db, editor, id, { public: true });
    expect((await selectWatchmap(db, id, undefined)).name).to.equal('north');
    await refused(deleteWatchmap(db, other, id), ForbiddenError);
    await deleteWatchmap(db, editor, id);
    await matchPastOfWatchmaps(context, never);
  });

  it('are matched with the past, and anew when they change', async () => {
    const moc = union(circle(0, 30, 15), circle(200, -60, 25));
    const id = await createWatchmap(db, editor, SETTINGS, moc);
    await matchPastOfWatchmaps(context, never);
    await expectAll(id, moc);
    const matches = await selectMatchesOf(db, 'area', id);
    expect(matches.map(({ survey, hits }) => [survey, hits])).to.deep.equal([
      ['ztf', insideOf('ztf', moc).length],
      ['lsst', insideOf('lsst', moc).length],
    ]);
    expect(
      matches.every(({ done, total, endedAt }) => done === total && endedAt !== null),
    ).to.equal(true);
    const moved = circle(210, -50, 30);
    await changeCoverage(db, editor, id, () => moved);
    await matchPastOfWatchmaps(context, never);
    await expectAll(id, moved);
    await deleteWatchmap(db, editor, id);
    await matchPastOfWatchmaps(context, never);
    expect(await hitsOf('ztf', id)).to.deep.equal([]);
  });

  it('go on where they were when the process ended between any two pages', async () => {
    const moc = circle(100, 0, 80);
    const id = await createWatchmap(db, editor, SETTINGS, moc);
    for (let turns = 0; turns < 40; turns++) {
      const open = await selectOpenMatches(db, 'area');
      if (open.length === 0) break;
      // One page each, and what was in memory is gone.
      for (const match of open) {
        let pages = 0;
        await matchWatchmap(context, match, () => pages++ > 0);
      }
    }
    await expectAll(id, moc);
    await deleteWatchmap(db, editor, id);
    await matchPastOfWatchmaps(context, never);
  });

  it('find new objects, and lose those that move out', async () => {
    const moc = circle(40, 10, 5);
    const id = await createWatchmap(db, editor, SETTINGS, moc);
    await matchPastOfWatchmaps(context, never);
    const before = await hitsOf('ztf', id);
    const fresh = [
      { id: 'ZTF26zzzzzza', ra: 40, decl: 10 },
      { id: 'ZTF26zzzzzzb', ra: 60, decl: 10 },
    ];
    await runStep('ztf', fresh);
    expect(await hitsOf('ztf', id)).to.deep.equal([...before, 'ZTF26zzzzzza'].sort());
    await runStep('ztf', [
      { ...fresh[0], ra: 60 },
      { ...fresh[1], ra: 40 },
    ]);
    expect(await hitsOf('ztf', id)).to.deep.equal([...before, 'ZTF26zzzzzzb'].sort());
    await editWatchmap(db, editor, id, { active: false });
    await runStep('ztf', [{ id: 'ZTF26zzzzzzc', ra: 40, decl: 10 }]);
    expect(await hitsOf('ztf', id)).not.to.include('ZTF26zzzzzzc');
    await deleteWatchmap(db, editor, id);
    await matchPastOfWatchmaps(context, never);
  });

  it('see a batch that looked before they were made, changed or deleted, and stored after', async () => {
    let id = 0;
    await runStep('ztf', [{ id: 'ZTF26zzzzzzd', ra: 300, decl: 70 }], async () => {
      id = await createWatchmap(db, editor, SETTINGS, circle(300, 70, 1));
      await matchPastOfWatchmaps(context, never);
    });
    expect(await hitsOf('ztf', id)).to.include('ZTF26zzzzzzd');
    await runStep('ztf', [{ id: 'ZTF26zzzzzze', ra: 300, decl: 70 }], async () => {
      await changeCoverage(db, editor, id, () => circle(20, -70, 1));
      await matchPastOfWatchmaps(context, never);
    });
    expect(await hitsOf('ztf', id)).not.to.include('ZTF26zzzzzze');
    await runStep('ztf', [{ id: 'ZTF26zzzzzzf', ra: 20, decl: -70 }], async () => {
      await deleteWatchmap(db, editor, id);
      await matchPastOfWatchmaps(context, never);
    });
    expect(await hitsOf('ztf', id)).to.deep.equal([]);
  });

  it('go with the account of their owner', async () => {
    const leaving = { userId: await user('leaving'), now: NOW };
    const id = await createWatchmap(db, leaving, SETTINGS, WHOLE_SKY);
    await matchPastOfWatchmaps(context, never);
    await deleteAccount(db, leaving.userId, NOW);
    await runStep('ztf', objects.ztf.slice(0, 5));
    expect(await hitsOf('ztf', id)).to.deep.equal([]);
    expect(await selectMatchesOf(db, 'area', id)).to.deep.equal([]);
    expect(await selectMoc(db, id)).to.equal(undefined);
  });
});
