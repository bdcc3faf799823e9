import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import type { Database } from '../../../common/store/database.ts';
import { SIMULATED_CATALOGUES } from '../../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { NightOptions } from '../../../ingest/simulate/options.ts';
import { contextStep } from '../../../post_ingest/context/context-step.ts';
import { loadSimulated } from '../../ingest/simulate/catalogues/load-simulated.ts';
import { freshDatabase } from '../../servers.ts';
import { completeness, confusionTable, countConfusion, purity } from './confusion.ts';
import type { Confusion } from './confusion.ts';
import { simulatedObjects } from './simulated-objects.ts';
import type { SimulatedObject } from './simulated-objects.ts';

const night = (survey: Survey): NightOptions => ({
  survey,
  alerts: 1200,
  seed: 41,
  nights: 2,
  startNight: 3246,
  workload: 'night',
});

const BATCH = 1000;
const STARS = ['rrLyrae', 'eclipsing'];
const SUPERNOVAE = ['snIa', 'snIbc', 'snII'];
const TRANSIENTS = [...SUPERNOVAE, 'tde'];
/** Not things of the sky, or not of one place: what they lie beside says nothing. */
const PASSING = ['bogus', 'asteroid'];

/** Which kinds each class is right for. */
const ANSWERS = {
  VS: { kinds: STARS, classes: ['VS'] },
  'SN or NT': { kinds: TRANSIENTS, classes: ['SN', 'NT'] },
  SN: { kinds: SUPERNOVAE, classes: ['SN'] },
  NT: { kinds: ['tde'], classes: ['NT'] },
  AGN: { kinds: ['agn'], classes: ['AGN'] },
  CV: { kinds: ['dwarfNova'], classes: ['CV'] },
} as const;
type Answer = keyof typeof ANSWERS;

describe('classification of simulated nights with known truth', function () {
  this.timeout(300_000);
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());

  let ztf: SimulatedObject[] | undefined;
  const objectsOf = async (survey: Survey) => {
    if (survey === 'lsst') return simulatedObjects(night(survey));
    return (ztf ??= await simulatedObjects(night(survey)));
  };

  /** Classes given to the objects of a night, counted by what they really are. */
  const classify = async (survey: Survey): Promise<Confusion> => {
    const objects = await objectsOf(survey);
    const pairs: { kind: string; given: string }[] = [];
    for (let from = 0; from < objects.length; from += BATCH) {
      const batch = objects.slice(from, from + BATCH);
      const { facts } = await contextStep.find(
        db,
        survey,
        batch.map(({ object }) => object),
      );
      for (const { kind, object } of batch) {
        pairs.push({ kind, given: facts.get(object.id)?.classification ?? 'none' });
      }
    }
    return countConfusion(pairs);
  };

  /** Says how well it went, and gives the figures: purity among what is real and stays where it is. */
  const judge = (title: string, confusion: Confusion) => {
    const staying = new Map([...confusion].filter(([kind]) => !PASSING.includes(kind)));
    const figures = (Object.keys(ANSWERS) as Answer[]).map((name) => {
      const { kinds, classes } = ANSWERS[name];
      return {
        name,
        complete: completeness(confusion, kinds, classes),
        pure: purity(staying, kinds, classes),
        ofAll: purity(confusion, kinds, classes),
      };
    });
    const percent = (value: number) =>
      Number.isNaN(value) ? '–' : `${(100 * value).toFixed(0)} %`;
    const lines = figures.map(
      ({ name, complete, pure, ofAll }) =>
        `      ${name.padEnd(9)} completeness ${percent(complete)}, purity ${percent(pure)} (with bogus and asteroids ${percent(ofAll)})\n`,
    );
    process.stdout.write(`      ${title}\n${confusionTable(confusion)}${lines.join('')}`);
    return Object.fromEntries(figures.map((each) => [each.name, each])) as Record<
      Answer,
      (typeof figures)[number]
    >;
  };

  it('goes by what ZTF packets tell where no catalogue is loaded', async () => {
    const figures = judge('ZTF, no catalogue', await classify('ztf'));
    expect(figures.VS.complete).to.be.above(0.97);
    expect(figures.VS.pure).to.be.above(0.85);
    expect(figures['SN or NT'].complete).to.be.above(0.85);
    expect(figures['SN or NT'].pure).to.be.above(0.6);
  });

  it('tells stars, supernovae, nuclei and novae of ZTF apart by catalogues', async () => {
    await loadSimulated(db, {
      catalogues: SIMULATED_CATALOGUES,
      nights: [night('ztf'), night('lsst')],
      rows: 0,
      seed: 41,
    });
    const figures = judge('ZTF, six catalogues', await classify('ztf'));
    expect(figures.VS.complete).to.be.above(0.97);
    expect(figures.VS.pure).to.be.above(0.95);
    expect(figures['SN or NT'].complete).to.be.above(0.95);
    expect(figures['SN or NT'].pure).to.be.above(0.85);
    expect(figures.SN.pure).to.be.above(0.95);
    // Three in four nuclei and three in five novae are in the lists: no more can be known.
    expect(figures.AGN.complete).to.be.within(0.6, 0.95);
    expect(figures.CV.complete).to.be.within(0.4, 0.9);
    for (const { pure } of [figures.AGN, figures.CV]) expect(pure).to.be.above(0.95);
  });

  it('and those of Rubin, as far down as the catalogues go', async () => {
    const figures = judge('Rubin, six catalogues', await classify('lsst'));
    expect(figures.VS.complete).to.be.above(0.8);
    expect(figures.VS.pure).to.be.above(0.9);
    expect(figures['SN or NT'].complete).to.be.above(0.85);
    expect(figures['SN or NT'].pure).to.be.above(0.7);
    for (const { pure } of [figures.AGN, figures.CV]) expect(pure).to.be.above(0.95);
  });
});
