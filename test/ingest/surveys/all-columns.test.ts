import { join } from 'node:path';

import { expect } from 'chai';

import type { AvroField } from '../../../common/avro/notation.ts';
import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import { MPCORB_COLUMNS } from '../../../common/schema/lsst/mpc-orbits.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { rubinLayouts, RUBIN_VERSIONS } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import { seededRandom } from '../../common/astro/reference.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { compareColumns, storedRows } from '../stored-rows.ts';
import { filled, rubinPacket } from './lsst/small-packet.ts';
import { smallZtfPacket } from './ztf/small-packet.ts';

const MJD = 61_000.123456789;

describe('every column of every version', () => {
  let context: Context;
  before(async () => {
    const { db, url } = await freshDatabase();
    const home = join(testFolder(), 'columns');
    const config = parseConfig({ GLINT_HOME: home, GLINT_DATABASE_URL: url });
    context = { config, db, log: silentLog, now: () => new Date() };
  });
  after(() => context?.db.close());

  const random = seededRandom(7);
  /** A record in which every value is present and unlike the others. */
  function full(fields: AvroField[], values: Record<string, unknown>): Record<string, unknown> {
    const made = fields.map(({ name, type }) => [name, valueOf(type)] as const);
    return {
      ...Object.fromEntries(made),
      ...filled(
        fields.filter(({ name }) => name in values),
        values,
      ),
    };
  }
  function valueOf(type: AvroField['type']): unknown {
    if (Array.isArray(type)) return valueOf(type[1]);
    if (typeof type === 'object')
      return type.type === 'long' ? BigInt(Math.floor(random() * 2 ** 50)) : [];
    if (type === 'string') return String.fromCharCode(97 + Math.floor(random() * 26));
    if (type === 'boolean') return random() < 0.5;
    if (type === 'long') return BigInt(Math.floor(random() * 2 ** 31)) * 2n ** 30n + 1n;
    if (type === 'int') return Math.floor(random() * 100);
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 12 - 4);
    return type === 'float' ? Math.fround(value) : value;
  }

  it('of Rubin holds what the packet says', async () => {
    const { db } = context;
    const feed = openFeed(context, 'lsst');
    const sent = RUBIN_VERSIONS.map(([major, minor], i) => {
      const schemaId = 100 * major + minor;
      const layouts = rubinLayouts(schemaId);
      const place = { ra: 10 + i + random(), dec: -random(), midpointMjdTai: MJD + random() };
      const id = 2n ** 60n + BigInt(1_000 * schemaId);
      const own = { ...place, diaObjectId: id, ssObjectId: id + 1n };
      const records = {
        diaSource: full(layouts.diaSource, { ...own, diaSourceId: id + 2n, band: 'r' }),
        prvDiaSources: [full(layouts.diaSource, { ...own, diaSourceId: id + 3n, band: 'g' })],
        prvDiaForcedSources: [full(layouts.diaForcedSource, { ...own, band: 'z' })],
        diaObject: full(layouts.diaObject, own),
        ...('ssSource' in layouts && {
          ssSource: full(layouts.ssSource, { diaSourceId: id + 2n, ssObjectId: id + 1n }),
        }),
        ...(major === 7 && {
          ssObject: full(layouts.ssObject, { ssObjectId: id + 1n }),
          prvDiaNondetectionLimits: [full(layouts.diaNondetectionLimit, { band: 'u' })],
        }),
        ...((major === 8 || major === 9) && {
          MPCORB: full(layouts.MPCORB, { mpcDesignation: `K${schemaId}` }),
        }),
        ...(major >= 10 && {
          mpc_orbits: full(layouts.mpc_orbits, { designation: `2026 AB${schemaId}` }),
        }),
      };
      return { schemaId, packet: rubinPacket(schemaId, {}, { records }), ...records };
    });
    await feed.push(sent.map(({ packet }) => packet));
    const stats = await feed.finish();
    expect(stats).to.include({ stored: RUBIN_VERSIONS.length, deadLettered: 0 });

    const rows = {
      diaSources: await storedRows(db, 'lsst', 'diaSources', ['diaSourceId']),
      diaForcedSources: await storedRows(db, 'lsst', 'diaForcedSources', ['diaForcedSourceId']),
      diaObjects: await storedRows(db, 'lsst', 'diaObjects', ['diaObjectId']),
      limits: await storedRows(db, 'lsst', 'diaNondetectionLimits', ['ccdVisitId']),
      ssObjects: await storedRows(db, 'lsst', 'ssObjects', ['ssObjectId']),
      ssSources: await storedRows(db, 'lsst', 'ssSources', ['diaSourceId']),
      orbits: await storedRows(db, 'lsst', 'mpc_orbits', ['designation']),
    };
    let compared = 0;
    const compare = (
      table: string,
      stored: Map<string, Record<string, unknown>>,
      key: string,
      record: Record<string, unknown> | undefined,
      where: string,
      renamed = {},
    ) => {
      if (record === undefined) return;
      compared += compareColumns(
        'lsst',
        table,
        stored.get(String(record[key])),
        record,
        where,
        renamed,
      );
    };
    for (const { schemaId, packet, ...records } of sent) {
      expect(packet.length).to.be.above(100);
      const where = `version ${schemaId}`;
      compare('diaSources', rows.diaSources, 'diaSourceId', records.diaSource, where);
      compare('diaSources', rows.diaSources, 'diaSourceId', records.prvDiaSources[0], where);
      const [forced] = records.prvDiaForcedSources;
      compare('diaForcedSources', rows.diaForcedSources, 'diaForcedSourceId', forced, where);
      compare('diaObjects', rows.diaObjects, 'diaObjectId', records.diaObject, where);
      compare('ssSources', rows.ssSources, 'diaSourceId', records.ssSource, where);
      compare('ssObjects', rows.ssObjects, 'ssObjectId', records.ssObject, where);
      const [limit] = records.prvDiaNondetectionLimits ?? [];
      compare('diaNondetectionLimits', rows.limits, 'ccdVisitId', limit, where);
      compare('mpc_orbits', rows.orbits, 'mpcDesignation', records.MPCORB, where, MPCORB_COLUMNS);
      compare('mpc_orbits', rows.orbits, 'designation', records.mpc_orbits, where);
    }
    expect(compared).to.be.above(3_900);
  });

  it('of ZTF: what is positive, what is no number, what is at the edge of 64 bits', async () => {
    const { db } = context;
    const words = ['t', 'f', '1', '0'];
    const feed = openFeed(context, 'ztf');
    const edge = 2n ** 63n - 1n;
    await feed.push([
      ...words.map((isdiffpos, i) =>
        smallZtfPacket({
          objectId: 'ZTF25aaaaaaa',
          candid: BigInt(i + 1),
          candidate: { isdiffpos, magpsf: 18 + i, jd: 2_460_000.5 + i },
        }),
      ),
      smallZtfPacket({
        objectId: 'ZTF25bbbbbbb',
        candid: edge,
        candidate: { magpsf: NaN, sigmapsf: Infinity, ranr: NaN, rb: NaN, ssnamenr: 'Δ\t\n\\N' },
        history: [
          { candid: null, pid: edge - 1n, diffmaglim: NaN },
          { candid: -edge, pid: 3n, isdiffpos: 'f' },
        ],
        forced: [{ pid: -5n, forcediffimflux: -99_999, magnr: NaN }],
      }),
    ]);
    expect(await feed.finish()).to.include({ stored: 5, deadLettered: 0 });
    const objects = await db.arrays(
      'SELECT objectId, ncand, ncandpos, nnoncand, nforced FROM ztf.objects ORDER BY objectId',
    );
    expect(objects).to.deep.equal([
      ['ZTF25aaaaaaa', 4, 2, 0, 0],
      ['ZTF25bbbbbbb', 2, 1, 1, 1],
    ]);
    const candidates = await storedRows(db, 'ztf', 'candidates', ['candid']);
    expect(words.map((_, i) => candidates.get(String(i + 1))?.isdiffpos)).to.deep.equal(words);
    expect(candidates.get(String(edge))).to.include({
      candid: String(edge),
      magpsf: null,
      sigmapsf: null,
      ranr: null,
      rb: null,
      ssnamenr: 'Δ\t\n\\N',
      hasalert: 1,
    });
    expect(candidates.get(String(-edge))).to.include({ isdiffpos: 'f', hasalert: 0 });
    const limits = await storedRows(db, 'ztf', 'noncandidates', ['pid']);
    expect(limits.get(String(edge - 1n))).to.include({ diffmaglim: null });
    const forced = await storedRows(db, 'ztf', 'forcedphot', ['pid']);
    expect(forced.get('-5')).to.include({ forcediffimflux: -99_999, magnr: null });
  });

  it("of ZTF's objects has the name at the newest alert, in whatever order they come", async () => {
    const nameAfter = async (jd: number, ssnamenr: string) => {
      const feed = openFeed(context, 'ztf');
      const candid = BigInt(Math.round(jd * 10));
      const candidate = { jd, ssnamenr };
      await feed.push([smallZtfPacket({ objectId: 'ZTF25fffffff', candid, candidate })]);
      await feed.finish();
      const [[name]] = await context.db.arrays(
        "SELECT ssnamenr FROM ztf.objects WHERE objectId = 'ZTF25fffffff'",
      );
      return name;
    };
    expect(await nameAfter(2_460_002.5, '1234')).to.equal('1234');
    expect(await nameAfter(2_460_001.5, 'null')).to.equal('1234');
    expect(await nameAfter(2_460_003.5, 'null')).to.equal(null);
    expect(await nameAfter(2_460_002.7, '77')).to.equal(null);
    expect(await nameAfter(2_460_004.5, '77')).to.equal('77');
  });
});
