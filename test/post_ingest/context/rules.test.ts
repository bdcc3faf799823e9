import { expect } from 'chai';

import { emptySource } from '../../../common/catalogues/source.ts';
import type { CatalogueSource } from '../../../common/catalogues/source.ts';
import { luminosityDistanceMpc } from '../../../common/astro/cosmology.ts';
import { matchesAt } from '../../../post_ingest/context/apply-rules.ts';
import { chanceOfGalaxy } from '../../../post_ingest/context/chance.ts';
import { distanceOf } from '../../../post_ingest/context/distances.ts';
import { reachArcsec } from '../../../post_ingest/context/reach.ts';
import { RULES } from '../../../post_ingest/context/rules.ts';
import { factsOf } from '../../../post_ingest/context/source-facts.ts';

const source = (given: Partial<CatalogueSource>) => Object.assign(emptySource(), given);
const classesAt = (given: Partial<CatalogueSource>, separationArcsec: number) =>
  matchesAt(factsOf('mixed', source(given)), separationArcsec).map((match) => match.association);

describe('the association rules', () => {
  it('give every class that a source can give', () => {
    const given = new Set(RULES.flatMap((rule) => [rule.synonym, rule.association]));
    expect([...given].filter((each) => each !== null)).to.have.members([
      'VS',
      'CV',
      'BS',
      'AGN',
      'NT',
      'SN',
      'UNCLEAR',
    ]);
    expect(new Set(RULES.map((rule) => rule.name)).size).to.equal(RULES.length);
  });

  it('take what is within 1.5 arcsec for the source itself', () => {
    expect(classesAt({ type: 'star', mag: 17 }, 1.5)).to.deep.equal(['VS']);
    expect(classesAt({ type: 'star', mag: 17 }, 1.51)).to.deep.equal([]);
    expect(classesAt({ type: 'agn' }, 1.4)).to.deep.equal(['AGN']);
    expect(classesAt({ type: 'agn' }, 2.9)).to.deep.equal(['SN']);
    expect(classesAt({ type: 'cv' }, 2.4)).to.deep.equal(['CV']);
    expect(classesAt({ type: 'galaxy', z: 0.03 }, 1)).to.deep.equal(['NT']);
    // Too faint to show a nucleus.
    expect(classesAt({ type: 'galaxy', _r: 22 }, 0.2)).to.deep.equal(['SN']);
    expect(classesAt({}, 1)).to.deep.equal(['UNCLEAR']);
  });

  it('reach farther from brighter stars', () => {
    // Half of 1630 x 1.396^-mag arcsec, the Legacy Surveys' mask.
    for (const mag of [7, 9, 10, 11, 12, 13, 14]) {
      const arcsec = 815 / 1.396 ** mag;
      expect(reachArcsec('star', source({ G: mag })) / arcsec).to.be.closeTo(1, 0.03);
      expect(classesAt({ type: 'star', G: mag }, arcsec * 0.9)).to.include('BS');
    }
    expect(reachArcsec('star', source({ G: 2 }))).to.equal(110);
    expect(reachArcsec('star', source({ G: 14.5 }))).to.equal(1.5);
  });

  it('reach 50 kpc from galaxies of known distance, as far as their size', () => {
    // 50 kpc at 10 Mpc are 1031.3 arcsec.
    const near = { distanceMpc: 10, majorAxisArcsec: 1_000 };
    expect(reachArcsec('galaxy', source(near))).to.be.closeTo(1031.3, 0.1);
    expect(reachArcsec('galaxy', source({ ...near, majorAxisArcsec: 100 }))).to.be.closeTo(
      240,
      1e-9,
    );
    // Without a size not beyond 5 arcmin.
    expect(reachArcsec('galaxy', source({ distanceMpc: 10 }))).to.equal(300);
    expect(reachArcsec('galaxy', source({ distanceMpc: 100 }))).to.be.closeTo(103.1, 0.1);
    // The size of the Andromeda galaxy, beyond what is searched.
    const andromeda = { distanceMpc: 0.78, majorAxisArcsec: 5_700 };
    expect(reachArcsec('galaxy', source(andromeda))).to.equal(5_400);
  });

  it('reach 2.4 semi-major axes from galaxies of unknown distance, and by brightness without a size', () => {
    expect(reachArcsec('galaxy', source({ majorAxisArcsec: 20 }))).to.equal(48);
    expect(reachArcsec('galaxy', source({ _r: 15 }))).to.equal(35);
    expect(reachArcsec('galaxy', source({ _r: 19 }))).to.equal(18.5);
    expect(reachArcsec('galaxy', source({ _r: 25 }))).to.equal(3);
    expect(reachArcsec('galaxy', source({}))).to.equal(10);
  });

  it('reach as far as fast stars have moved', () => {
    // Barnard's star: 10.4 arcsec a year.
    expect(reachArcsec('star', source({ properMotion: 10_400 }))).to.be.closeTo(156, 1e-9);
  });

  it('bear values of any kind', () => {
    const odd = [NaN, Infinity, -Infinity, -1, 0, 1e300, null];
    for (const value of odd) {
      for (const kind of ['star', 'galaxy', 'agn', 'cv', 'variable', 'mixed'] as const) {
        const all = source({
          mag: value,
          _r: value,
          z: value,
          photoZ: value,
          distanceMpc: value,
          majorAxisArcsec: value,
          properMotion: value,
          parallaxOverError: value,
          starScore: value,
        });
        const reach = reachArcsec(kind, all);
        expect(reach >= 0 && reach <= 5_400, `${kind} ${value}: ${reach}`).to.equal(true);
        matchesAt(factsOf(kind, all), 1);
      }
    }
  });

  it('tell stars from galaxies by their score, and do not where it is in between or they are saturated', () => {
    const typeOf = (given: Partial<CatalogueSource>) => factsOf('mixed', source(given)).type;
    expect(typeOf({ starScore: 0.9 })).to.equal('star');
    expect(typeOf({ starScore: 0.1, _r: 18 })).to.equal('galaxy');
    expect(typeOf({ starScore: 0.1, _r: 13 })).to.equal('other');
    expect(typeOf({ starScore: 0.6 })).to.equal('other');
    expect(typeOf({})).to.equal('other');
    expect(factsOf('variable', source({})).type).to.equal('variable');
    expect(factsOf('star', source({ type: 'galaxy' })).type).to.equal('galaxy');
  });
});

describe('distanceOf', () => {
  const unknown = { distanceMpc: null, z: null, photoZ: null };

  it('agrees with the exact integral to two parts in 100,000', () => {
    for (const z of [0.001, 0.0123, 0.1, 0.5, 1, 3, 9.9]) {
      const distance = distanceOf({ ...unknown, z });
      expect((distance?.mpc ?? 0) / luminosityDistanceMpc(z)).to.be.closeTo(1, 2e-5);
    }
  });

  it('prefers what the catalogue says, then z, then photo-z, and knows what is none', () => {
    expect(distanceOf({ distanceMpc: 10, z: 0.1, photoZ: 0.2 })?.kind).to.equal('direct');
    expect(distanceOf({ ...unknown, z: 0.1, photoZ: 0.2 })?.kind).to.equal('spec');
    expect(distanceOf({ ...unknown, z: -0.001, photoZ: 0.2 })?.kind).to.equal('phot');
    expect(distanceOf({ distanceMpc: 0, z: 0.0005, photoZ: NaN })).to.equal(null);
  });
});

describe('chanceOfGalaxy', () => {
  it('is small for bright and near, large for faint and far', () => {
    // Bloom et al. 2002, eq. 3: sigma(R <= 24) = 4.78e-3 per square arcsec.
    expect(chanceOfGalaxy(24, 1)).to.be.closeTo(1 - Math.exp(-Math.PI * 4.778e-3), 1e-5);
    expect(chanceOfGalaxy(16, 5)).to.be.below(1e-3);
    expect(chanceOfGalaxy(24, 100)).to.be.closeTo(1, 1e-6);
    expect(chanceOfGalaxy(null, 1)).to.equal(chanceOfGalaxy(24, 1));
  });
});
