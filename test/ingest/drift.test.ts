import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { silentLog } from '../../common/log.ts';
import { applyShapes } from '../../common/moc/shapes.ts';
import type { Database } from '../../common/store/database.ts';
import type { ObjectPlace } from '../../common/store/places.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { createWatchlist } from '../../common/store/lists/watchlist-edits.ts';
import { createWatchmap } from '../../common/store/lists/watchmap-edits.ts';
import { openFeed } from '../../ingest/feed.ts';
import { chordArcsec, moved, ztfName } from '../post_ingest/placed-objects.ts';
import { storedHits } from '../post_ingest/watchlists/sky.ts';
import { freshDatabase, testFolder } from '../servers.ts';
import { smallZtfPacket } from './surveys/ztf/small-packet.ts';

const NOW = new Date('2026-11-21T06:00:00Z');
const JD = 2_461_000.6;
const RADIUS = 5;
/** Each alert lies so much farther on: the mean moves by half of it, arcsec. */
const STEP = 0.16;
const ALERTS = 7;
const OBJECTS = 24;
/** Cells at the edge of a drawn circle are smaller than this, arcsec. */
const EDGE = 0.03;

describe('objects that drift over an edge by less than surroundings are looked at anew for', () => {
  const centre = { ra: 120, decl: 30 };
  let db: Database;
  let context: Context;
  let list: number;
  let map: number;

  before(async () => {
    ({ db } = await freshDatabase());
    const config = parseConfig({ GLINT_HOME: join(testFolder(), 'drift') });
    context = { config, db, log: silentLog, now: () => NOW };
    const ann = { name: 'ann', email: 'ann@example.org', role: 'user' } as const;
    const editor = { userId: await insertUser(db, ann, NOW), now: NOW };
    const source = { name: 'a', ...centre, radiusArcsec: RADIUS };
    list = await createWatchlist(db, editor, { name: 'cone' }, [source]);
    const circle = { ra: centre.ra, dec: centre.decl, radius: RADIUS / 3_600 };
    map = await createWatchmap(
      db,
      editor,
      { name: 'circle', description: '', active: true, public: false },
      applyShapes([{ kind: 'circle', use: 'add', ...circle }]),
    );
  });
  after(() => db?.close());

  /** The n-th alert of each object: half of them on their way out, half on their way in. */
  const packets = (n: number): Buffer[] =>
    Array.from({ length: OBJECTS }, (_, i) => {
      const way = (i % 2 === 0 ? 1 : -1) * (n * STEP - 0.02 - 0.04 * (i >> 1));
      const { ra, decl } = moved(centre, RADIUS + way, 15 * i);
      const candid = BigInt(1_000 * n + i + 1);
      const at = { jd: JD + n / 10 + i / 1e5, ra, dec: decl, magpsf: 18, sigmapsf: 0.1 };
      return smallZtfPacket({ objectId: ztfName(i), candid, candidate: at });
    });

  it('have the hits of the place where they are, after every batch', async () => {
    const seen = { cone: new Set<string>(), map: new Set<string>() };
    for (let n = 0; n < ALERTS; n++) {
      const feed = openFeed(context, 'ztf');
      await feed.push(packets(n));
      expect(await feed.finish()).to.include({ deadLettered: 0 });
      const rows = await db.arrays('SELECT objectId, ramean, decmean FROM ztf.objects');
      const places = rows.map(([id, ra, decl]): ObjectPlace => ({
        id: String(id),
        ra: Number(ra),
        decl: Number(decl),
      }));
      const within = (radius: number) =>
        places.flatMap((place) => (chordArcsec(place, centre) <= radius ? [place.id] : [])).sort();
      const inCone = within(RADIUS);
      const cone = (await storedHits(db, 'ztf', list)).map((hit) => hit.split(' ')[0]);
      expect(cone, `cone after alert ${n}`).to.deep.equal(inCone);
      const hits = await db.arrays(
        'SELECT objectId FROM ztf.area_hits WHERE ar_id = :map ORDER BY objectId',
        { map },
      );
      const inMap = hits.flat().map(String);
      expect(inMap, `map after alert ${n}`).to.include.members(within(RADIUS - EDGE));
      expect(within(RADIUS + EDGE), `map after alert ${n}`).to.include.members(inMap);
      seen.cone.add(inCone.join());
      seen.map.add(inMap.join());
    }
    // They went over the edge one after the other.
    expect(seen.cone.size).to.be.greaterThan(4);
    expect(seen.map.size).to.be.greaterThan(4);
  });
});
