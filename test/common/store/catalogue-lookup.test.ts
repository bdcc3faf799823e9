import { expect } from 'chai';

import { separationArcsec } from '../../../common/astro/coordinates.ts';
import { REACH_LIMITS_ARCSEC, reachClass } from '../../../common/catalogues/source.ts';
import type { CatalogueKind } from '../../../common/catalogues/source.ts';
import { isReplaced, selectNearbySources } from '../../../common/store/catalogue-lookup.ts';
import { selectCatalogues } from '../../../common/store/catalogues.ts';
import type { Catalogue } from '../../../common/store/catalogues.ts';
import type { Database } from '../../../common/store/database.ts';
import { reachArcsec } from '../../../post_ingest/context/reach.ts';
import { makeCatalogue, sourceOf } from '../../post_ingest/context/make-catalogue.ts';
import type { Given } from '../../post_ingest/context/make-catalogue.ts';
import { freshDatabase } from '../../servers.ts';
import { positionAt, randomPosition, readReference, seededRandom } from '../astro/reference.ts';

describe('selectNearbySources', () => {
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
  });
  afterEach(() => db.close());

  async function catalogueOf(
    name: string,
    kind: CatalogueKind,
    given: Given[],
  ): Promise<Catalogue> {
    await makeCatalogue(db, name, kind, given);
    const found = (await selectCatalogues(db)).find((each) => each.name === name);
    if (found === undefined) throw new Error(`${name} is not ready`);
    return found;
  }

  it('finds the pairs of 5,553 positions with AllWISE that the CDS crossmatch found', async function () {
    const input = readCsv(readReference(this, 'reference/cds_xmatch_allwise_input.csv'));
    const answer = readCsv(readReference(this, 'reference/cds_xmatch_allwise_response.csv'));
    const catalogue = await catalogueOf(
      'allwise',
      'mixed',
      answer.map((row) => ({
        id: row.AllWISE,
        ra: Number(row.RAJ2000),
        decl: Number(row.DEJ2000),
      })),
    );
    const positions = input.map((row) => ({ ra: Number(row.ra), decl: Number(row.dec) }));
    const found = await selectNearbySources(db, catalogue, positions);
    const pairs = new Map<string, number>();
    for (const [i, row] of input.entries()) {
      for (const { source, separationArcsec: separation } of found[i]) {
        if (separation <= 1) pairs.set(`${row.id} ${source.id}`, separation);
      }
    }
    expect(pairs.size).to.equal(answer.length);
    for (const row of answer) {
      // The service rounds positions to 0.1 milliarcsec.
      expect(pairs.get(`${row.id_in} ${row.AllWISE}`)).to.be.closeTo(Number(row.angDist), 1e-3);
    }
  });

  it('finds what all pairs give, for a thousand positions over the sky and its edges', async function () {
    this.timeout(60_000);
    const random = seededRandom(3);
    const edges = [
      { ra: 0, dec: 90 },
      { ra: 0, dec: -90 },
      { ra: 0, dec: 0 },
      { ra: 90, dec: 41.8103 },
    ];
    const places = Array.from({ length: 1_000 }, (_, i) => {
      if (i >= 400) return randomPosition(random);
      const { ra, dec } = positionAt(edges[i % 4], random() * 0.1, random() * 360);
      return { ra: (ra + 360) % 360, dec };
    });
    const positions = places.map(({ ra, dec }) => ({ ra, decl: dec }));
    // Sources of every class of reach, some of them near positions.
    const given: Given[] = Array.from({ length: 1_500 }, (_, i) => {
      const limit = REACH_LIMITS_ARCSEC[i % 5];
      const place = i % 2 === 0 ? places[i % 1_000] : randomPosition(random);
      const at = positionAt(place, (limit / 3_600) * 2 * random(), random() * 360);
      return {
        ra: (at.ra + 360) % 360,
        decl: at.dec,
        type: 'galaxy',
        majorAxisArcsec: (limit / 2.4) * 0.9,
        ...(i % 5 > 0 && { distanceMpc: 0.01 }),
      };
    });
    const catalogue = await catalogueOf('galaxies', 'galaxy', given);
    const found = await selectNearbySources(db, catalogue, positions);
    let pairs = 0;
    for (const [i, position] of positions.entries()) {
      const wanted = given.flatMap((each, number) => {
        const source = sourceOf(each, number);
        const limit = REACH_LIMITS_ARCSEC[reachClass(reachArcsec('galaxy', source))];
        const apart = separationArcsec(position.ra, position.decl, source.ra, source.decl);
        return apart <= limit ? [source.id] : [];
      });
      pairs += wanted.length;
      expect(found[i].map(({ source }) => source.id)).to.have.members(wanted);
    }
    expect(pairs).to.be.above(500);
  });

  it('gives every field as it was loaded', async () => {
    const given: Given = {
      id: `O'Hara "<b>`,
      ra: 12.5,
      decl: -7.25,
      type: 'agn',
      starScore: 0.25,
      _r: 18.5,
      _rErr: 0.125,
      mag: 18.5,
      magFilter: 'r',
      z: 0.5,
      photoZ: 0.25,
      distanceMpc: 2_840,
      majorAxisArcsec: 4,
      parallaxOverError: 0.5,
      properMotion: 2,
    };
    const catalogue = await catalogueOf('quasars', 'agn', [given]);
    const [[near]] = await selectNearbySources(db, catalogue, [{ ra: 12.5, decl: -7.25 }]);
    expect(near).to.deep.equal({ source: sourceOf(given), separationArcsec: 0 });
  });

  it('asks thousands of ranges in several statements', async () => {
    const positions = Array.from({ length: 5_000 }, (_, i) => ({ ra: i * 0.07, decl: 5 }));
    const given = Array.from({ length: 20_000 }, (_, i) => ({ ra: i * 0.0175, decl: 5 }));
    const catalogue = await catalogueOf('lots', 'star', given);
    const found = await selectNearbySources(db, catalogue, positions);
    expect(found.every((near) => near.length === 1 && near[0].separationArcsec < 1e-6)).to.equal(
      true,
    );
  });

  it('finds nothing for no position, in an empty catalogue, or where there is no sky', async () => {
    const catalogue = await catalogueOf('one', 'star', [{ ra: 1, decl: 1 }]);
    expect(await selectNearbySources(db, catalogue, [])).to.deep.equal([]);
    const places = [
      { ra: NaN, decl: 1 },
      { ra: 1, decl: 91 },
      { ra: Infinity, decl: 1 },
      { ra: 1, decl: 1 },
    ];
    const found = await selectNearbySources(db, catalogue, places);
    expect(found.map((near) => near.length)).to.deep.equal([0, 0, 0, 1]);
    const empty = await catalogueOf('none', 'star', []);
    expect(await selectNearbySources(db, empty, places)).to.deep.equal([[], [], [], []]);
  });

  it('says when the catalogue is not there any more', async () => {
    const catalogue = await catalogueOf('gone', 'star', [{ ra: 1, decl: 1 }]);
    await db.execute('DROP TABLE catalogues.gone');
    const err: unknown = await selectNearbySources(db, catalogue, [{ ra: 1, decl: 1 }]).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(isReplaced(err)).to.equal(true);
    expect(isReplaced(new Error('another'))).to.equal(false);
  });
});

function readCsv(text: string): Record<string, string>[] {
  const [head, ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  });
}
