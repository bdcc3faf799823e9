import { expect } from 'chai';

import type { QuerySource } from '../../../../common/sql/compile.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { boxes, openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';
import * as sky from './small-sky.ts';

describe('the three boxes', () => {
  let db: Database;
  let runner: TextRunner;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await sky.makeSmallSky(db);
    runner = await openTextRunner(db, fresh.url);
  });
  after(async () => {
    await runner?.close();
    await db?.close();
  });
  const rows = (source: QuerySource, survey: 'ztf' | 'lsst' = 'ztf') =>
    runner.rows(source, { survey, reader: sky.ALICE });

  it('join whatever names objects to objects, from FROM or from the columns alone', async () => {
    expect(
      await rows(
        boxes(
          'objectId, sherlock_classifications.z, tns_matches.arcsec',
          '',
          'objects.ncand = 8 ORDER BY sherlock_classifications.separationArcsec',
        ),
      ),
    ).to.deep.equal([[sky.SUPERNOVA, 0.03125, 0.125]]);
    expect(
      await rows(
        boxes(
          'objects.objectId, COUNT(*)',
          'candidates',
          'fid = 2 GROUP BY objects.objectId ORDER BY 1',
        ),
      ),
    ).to.deep.equal(
      [
        [sky.DWARF_NOVA, 2],
        [sky.SUPERNOVA, 5],
        [sky.NUCLEAR, 2],
        [sky.AT_STAR, 2],
      ].sort(),
    );
  });

  it('reach the other survey through the table that links them', async () => {
    expect(
      await rows(
        boxes(
          'objects.objectId, r.diaObjectId, crossmatch_lsst.rank',
          'objects, lsst.objects AS r',
          'objects.ncand < 100 ORDER BY objects.objectId, crossmatch_lsst.rank',
        ),
      ),
    ).to.deep.equal([
      [sky.DWARF_NOVA, sky.RUBIN_STAR, 1],
      [sky.DWARF_NOVA, sky.RUBIN_NUCLEUS, 2],
      [sky.NUCLEAR, sky.RUBIN_NUCLEAR, 1],
    ]);
    expect(
      await rows(
        boxes(
          'objects.diaObjectId, z.objectId',
          'crossmatch_ztf x, ztf.objects z',
          'x.candidates = 1',
        ),
        'lsst',
      ),
    ).to.deep.equal([[sky.RUBIN_NUCLEAR, sky.NUCLEAR]]);
  });

  it('refuse at its place a table that cannot be joined', async () => {
    try {
      await rows(boxes('objects.objectId, n', 'objects, coverage', ''));
    } catch (err) {
      if (!(err instanceof QueryError)) throw err;
      expect(err.message).to.equal(
        'coverage has no objectId to join it to objects by; write a whole SELECT with JOIN and ON',
      );
      expect(err.place).to.deep.equal({ part: 'tables', start: 9, end: 17 });
      return;
    }
    expect.fail('accepted');
  });

  it('take objects_ext for objects, whatever objects are called', async () => {
    for (const [selected, tables, conditions] of [
      ['objects.diaObjectId', 'objects, objects_ext', 'objects_ext.r_psfFluxSigma > 50000'],
      ['o.diaObjectId', 'objects o, objects_ext e', 'e.r_psfFluxSigma > 50000'],
      ['objects_ext.diaObjectId', 'objects_ext', 'r_psfFluxSigma > 50000 ORDER BY objects.ra'],
      ['diaObjectId', '', 'r_psfFluxSigma > 50000 ORDER BY objects_ext.decl'],
    ]) {
      const found = await rows(boxes(selected, tables, conditions), 'lsst');
      expect(found, tables).to.deep.equal([[sky.RUBIN_STAR]]);
    }
    const text =
      'SELECT objects.diaObjectId FROM objects, objects_ext WHERE objects_ext.r_psfFluxSigma > 50000';
    expect(await rows(statement(text), 'lsst')).to.deep.equal([[sky.RUBIN_STAR]]);
  });
});

describe('both surveys in a statement', () => {
  it('are joined through the table that links one position', async () => {
    const { db, url } = await freshDatabase();
    await sky.makeSmallSky(db);
    const runner = await openTextRunner(db, url);
    try {
      const text = `SELECT z.objectId, r.diaObjectId, z.gmag, flux2mag(r.g_psfFlux) - z.gmag AS difference
        FROM ztf.objects z
        JOIN ztf.crossmatch_lsst x ON x.objectId = z.objectId
        JOIN lsst.objects r ON r.diaObjectId = x.diaObjectId
        WHERE x.rank = 1 AND x.candidates = 1`;
      for (const survey of ['ztf', 'lsst'] as const) {
        const [[name, number, gmag, difference]] = await runner.rows(statement(text), { survey });
        expect([name, number, gmag]).to.deep.equal([sky.NUCLEAR, sky.RUBIN_NUCLEAR, 18.25]);
        expect(difference).to.be.closeTo(31.4 - 2.5 * Math.log10(40_000) - 18.25, 1e-9);
      }
    } finally {
      await runner.close();
      await db.close();
    }
  });
});
