import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import type { ObjectContext } from '../../../common/features/object-context.ts';
import type { Database } from '../../../common/store/database.ts';
import { contextStep } from '../../../post_ingest/context/context-step.ts';
import type { PlacedObject } from '../../../post_ingest/steps/step.ts';
import { positionAt, randomPosition, seededRandom } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import { makeCatalogue } from './make-catalogue.ts';

const PLACE = { ra: 150, decl: 20 };
const HOSTILE = `<script>alert('x')</script>"&'; DROP TABLE ztf.objects; --`;

/** A position so many arcseconds from another. */
function away(from: { ra: number; decl: number }, arcsec: number, angle = 30) {
  const { ra, dec } = positionAt({ ra: from.ra, dec: from.decl }, arcsec / 3_600, angle);
  return { ra: (ra + 360) % 360, decl: dec };
}

function placed(id: string, at: { ra: number; decl: number }): PlacedObject {
  return { id, ...at, newestAlert: null };
}

describe('contextStep', () => {
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
  });
  afterEach(() => db.close());

  async function run(
    objects: readonly PlacedObject[],
    survey: Survey = 'ztf',
  ): Promise<ReadonlyMap<string, Partial<ObjectContext>>> {
    const findings = await contextStep.find(db, survey, objects);
    const server = await db.server();
    await db.transaction((tx) => findings.write(tx, server));
    return findings.facts;
  }

  async function classOf(at: { ra: number; decl: number }): Promise<unknown> {
    return (await run([placed('A', at)])).get('A')?.classification;
  }

  const classRow = async (columns: string, id = 'A') => {
    const [row] = await db.arrays(
      `SELECT ${columns} FROM ztf.sherlock_classifications WHERE objectId = :id`,
      { id },
    );
    return row;
  };

  it('says nothing where no catalogue is loaded and the alert tells nothing', async () => {
    const facts = await run([placed('A', PLACE)]);
    expect(facts.get('A')).to.deep.equal({
      classification: null,
      z: null,
      photoZ: null,
      distanceMpc: null,
    });
    expect(await classRow('classification, objRa, objDecl, catalogues, annotator')).to.deep.equal([
      null,
      150,
      20,
      '',
      'Glint packet context, rules 1',
    ]);
  });

  it('calls an orphan only what lies where galaxies were looked for', async () => {
    await makeCatalogue(db, 'stars', 'star', [away(PLACE, 20)]);
    expect(await classOf(PLACE)).to.equal(null);
    await makeCatalogue(db, 'galaxies', 'galaxy', [away(PLACE, 1_000)]);
    expect(await classOf(PLACE)).to.equal('ORPHAN');
    expect(await classOf({ ra: 30, decl: -60 })).to.equal(null);
  });

  for (const [where, at] of [
    ['across RA 0', { ra: 359.99999, decl: 3 }],
    ['at the north pole', { ra: 17, decl: 89.9999 }],
    ['at the south pole', { ra: 200, decl: -90 }],
  ] as const) {
    it(`finds stars and galaxies ${where}`, async () => {
      await makeCatalogue(db, 'stars', 'star', [{ ...away(at, 1, 90), mag: 17 }]);
      const galaxy = { ...away(at, 200, 270), distanceMpc: 30, majorAxisArcsec: 100 };
      await makeCatalogue(db, 'galaxies', 'galaxy', [galaxy]);
      expect(await classOf(at)).to.equal('VS');
      expect(await classOf(away(at, 30, 270))).to.equal('SN');
      expect(await classRow('separationArcsec, direct_distance')).to.deep.equal([170, 30]);
    });
  }

  it('finds a bright star far away, and not a faint one', async () => {
    await makeCatalogue(db, 'stars', 'star', [
      { ...away(PLACE, 50), mag: 8, magFilter: 'G' },
      { ra: 200, decl: 20, mag: 18 },
    ]);
    expect(await classOf(PLACE)).to.equal('BS');
    expect(await classRow('classificationReliability, Mag, MagFilter')).to.deep.equal([2, 8, 'G']);
    expect(await classOf(away({ ra: 200, decl: 20 }, 3))).to.equal(null);
  });

  it('gives distances of galaxies by which an object is classed', async () => {
    // 60 arcsec at 100 Mpc are 29.09 kpc; at z = 0.1 they are 110.6 kpc.
    await makeCatalogue(db, 'galaxies', 'galaxy', [
      { id: 'near', ...away(PLACE, 60, 0), distanceMpc: 100, z: 0.023 },
      { id: 'far', ...away(PLACE, 60, 180), z: 0.1 },
    ]);
    const facts = await run([placed('A', PLACE)]);
    expect(facts.get('A')?.classification).to.equal('SN');
    expect(facts.get('A')?.distanceMpc).to.equal(100);
    expect(facts.get('A')?.z).to.be.closeTo(0.023, 1e-6);
    const [kpc, best, flag, source, north, east, count] =
      (await classRow(`physical_separation_kpc, best_distance, best_distance_flag,
        best_distance_source, northSeparationArcsec, eastSeparationArcsec,
        (SELECT COUNT(*) FROM ztf.sherlock_crossmatches)`)) ?? [];
    expect(kpc).to.be.closeTo(29.089, 1e-3);
    expect([best, flag, source, count]).to.deep.equal([100, 'direct', 'galaxies', '1']);
    // The source lies to the north of the object.
    expect(north).to.be.closeTo(60, 1e-3);
    expect(east).to.be.closeTo(0, 1e-3);
  });

  it('makes one source of entries in several catalogues, and takes it for what it is best known as', async () => {
    await makeCatalogue(db, 'ned', 'galaxy', [
      { id: 'NGC 1', ...away(PLACE, 1.2), z: 0.02, majorAxisArcsec: 30 },
    ]);
    await makeCatalogue(db, 'gaia', 'star', [{ id: 'G1', ...away(PLACE, 0.6), G: 16 }]);
    await makeCatalogue(db, 'ps1', 'mixed', [
      { id: 'P1', ...away(PLACE, 0.9), _r: 15, starScore: 0.1 },
    ]);
    expect(await classOf(PLACE)).to.equal('NT');
    const rows = await db.arrays(
      'SELECT `rank`, catalogue_table_name, catalogue_object_id, catalogue_object_type, separationArcsec, _r, G FROM ztf.sherlock_crossmatches',
    );
    expect(rows).to.deep.equal([[1, 'ned/ps1/gaia', 'NGC 1', 'galaxy', 0.6, 15, 16]]);
  });

  it('keeps a star that its parallax proves apart from the galaxy behind it', async () => {
    await makeCatalogue(db, 'ned', 'galaxy', [{ ...away(PLACE, 1.2), z: 0.02 }]);
    await makeCatalogue(db, 'gaia', 'star', [
      { ...away(PLACE, 0.1), G: 16, parallaxOverError: 30 },
    ]);
    expect(await classOf(PLACE)).to.equal('VS');
    expect(
      await db.arrays('SELECT association_type FROM ztf.sherlock_crossmatches ORDER BY `rank`'),
    ).to.deep.equal([['VS'], ['NT']]);
  });

  it('prefers what stands there to what stands near, and then the nearer galaxy', async () => {
    await makeCatalogue(db, 'galaxies', 'galaxy', [
      { id: 'by distance', ...away(PLACE, 30), z: 0.01 },
      { id: 'by brightness', ...away(PLACE, 10, 90), _r: 17 },
      { id: 'closer', ...away(PLACE, 20, 180), z: 0.01 },
    ]);
    await makeCatalogue(db, 'unknown', 'mixed', [{ id: 'what', ...away(PLACE, 0.2) }]);
    await run([placed('A', PLACE)]);
    const ids = () =>
      db.arrays('SELECT catalogue_object_id FROM ztf.sherlock_crossmatches ORDER BY `rank`');
    expect(await ids()).to.deep.equal([['closer'], ['by distance'], ['by brightness'], ['what']]);
    await makeCatalogue(db, 'cvs', 'cv', [{ id: 'U Gem', ...away(PLACE, 1) }]);
    expect(await classOf(PLACE)).to.equal('CV');
    // The source of unknown kind is that star.
    expect(await ids()).to.deep.equal([['U Gem'], ['closer'], ['by distance'], ['by brightness']]);
  });

  it('bears names of any kind, and escapes them where it writes HTML', async () => {
    await makeCatalogue(db, 'galaxies', 'galaxy', [{ id: HOSTILE, ...away(PLACE, 5), z: 0.05 }]);
    await run([placed('A', PLACE)]);
    const [id, description] = (await classRow('catalogue_object_id, description')) ?? [];
    expect(id).to.equal(HOSTILE);
    expect(description).to.not.match(/<(?!\/?em>)|["']/);
    expect(description).to.contain('&#60;script&#62;');
  });

  it('bears magnitudes that are missing or none', async () => {
    await makeCatalogue(db, 'galaxies', 'galaxy', [
      { ...away(PLACE, 5), _r: -999, mag: 99, z: -1, photoZ: 0, distanceMpc: -5 },
    ]);
    expect(await classOf(PLACE)).to.equal('SN');
    expect(await classRow('Mag, distance, direct_distance, physical_separation_kpc')).to.deep.equal(
      [null, null, null, null],
    );
  });

  it('replaces what it said before, and keeps twenty associations at the most', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({
      ...away(PLACE, 3 + 0.6 * i, 137.5 * i),
      _r: 16,
    }));
    await makeCatalogue(db, 'galaxies', 'galaxy', many);
    for (let i = 0; i < 2; i++) await run([placed('A', PLACE), placed('B', { ra: 10, decl: 10 })]);
    const count =
      'SELECT objectId, COUNT(*), MAX(`rank`) FROM ztf.sherlock_crossmatches GROUP BY 1';
    expect(await db.arrays(count)).to.deep.equal([['A', '20', 20]]);
    await run([placed('A', { ra: 10, decl: 10 })]);
    expect(await db.arrays(count)).to.deep.equal([]);
    expect(await db.arrays('SELECT COUNT(*) FROM ztf.sherlock_classifications')).to.deep.equal([
      ['2'],
    ]);
  });

  it('bears a place that is none', async () => {
    await makeCatalogue(db, 'galaxies', 'galaxy', [PLACE]);
    const facts = await run([placed('A', { ra: NaN, decl: NaN }), placed('B', PLACE)]);
    expect(facts.get('A')?.classification).to.equal(null);
    expect(facts.get('B')?.classification).to.equal('SN');
    expect(await classRow('objRa')).to.deep.equal([null]);
  });

  it('does nothing for no object', async () => {
    expect((await run([])).size).to.equal(0);
  });

  it('keys Rubin objects by their numbers', async () => {
    await makeCatalogue(db, 'stars', 'star', [PLACE]);
    const id = '313637921267122191';
    expect((await run([placed(id, PLACE)], 'lsst')).get(id)?.classification).to.equal('VS');
    for (const table of ['sherlock_classifications', 'sherlock_crossmatches']) {
      expect(await db.arrays(`SELECT diaObjectId FROM lsst.${table}`)).to.deep.equal([[id]]);
    }
  });

  it('answers a thousand places over several catalogues as it does each alone', async function () {
    this.timeout(60_000);
    const random = seededRandom(8);
    const objects = Array.from({ length: 1_000 }, (_, i) => {
      const { ra, dec } = randomPosition(random);
      return placed(`ZTF${i}`, { ra, decl: dec });
    });
    for (const kind of ['star', 'galaxy', 'agn', 'cv', 'variable'] as const) {
      const sources = objects
        .filter(() => random() < 0.5)
        .map((object) => ({
          ...away(object, 4 * random(), 360 * random()),
          mag: 10 + 12 * random(),
        }));
      await makeCatalogue(db, `${kind}s`, kind, sources);
    }
    const facts = await run(objects);
    const given = new Set([...facts.values()].map(({ classification }) => classification));
    expect(given).to.include.all.keys('VS', 'BS', 'NT', 'SN', 'AGN', 'CV', 'ORPHAN');
    for (const object of objects.slice(0, 40)) {
      const alone = await contextStep.find(db, 'ztf', [object]);
      expect(alone.facts.get(object.id)).to.deep.equal(facts.get(object.id));
    }
  });
});
