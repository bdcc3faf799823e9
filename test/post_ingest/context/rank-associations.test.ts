import { expect } from 'chai';

import { emptySource, SOURCE_TYPES } from '../../../common/catalogues/source.ts';
import { classify } from '../../../post_ingest/context/classify.ts';
import { contextRows } from '../../../post_ingest/context/context-rows.ts';
import type { Neighbour } from '../../../post_ingest/context/neighbour.ts';
import { rankAssociations } from '../../../post_ingest/context/rank-associations.ts';
import { MOST_ASSOCIATIONS } from '../../../post_ingest/context/rules.ts';
import { factsOf } from '../../../post_ingest/context/source-facts.ts';
import { seededRandom } from '../../common/astro/reference.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

describe('rankAssociations', () => {
  const random = seededRandom(21);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)];
  const maybe = (value: number) => (random() < 0.4 ? value : pick([null, null, NaN, -1]));

  function randomNeighbour(): Neighbour {
    const source = Object.assign(emptySource(), {
      id: pick(['', 'a', 'b', '<c>']),
      type: pick(SOURCE_TYPES),
      starScore: maybe(random()),
      _r: maybe(8 + 15 * random()),
      z: maybe(random()),
      photoZ: maybe(random()),
      distanceMpc: maybe(200 * random()),
      majorAxisArcsec: maybe(60 * random()),
      parallaxOverError: maybe(10 * random()),
      properMotion: maybe(200 * random()),
    });
    const north = 4 * (random() - 0.5);
    const east = 4 * (random() - 0.5);
    const isFromPacket = random() < 0.4;
    return {
      catalogue: pick(['gaia', 'ned', 'ps1', 'what']),
      isFromPacket,
      source,
      facts: factsOf(pick(['star', 'mixed', 'galaxy'] as const), source),
      separationArcsec: Math.hypot(north, east),
      offset: isFromPacket ? null : { northArcsec: north, eastArcsec: east },
    };
  }

  it('orders whatever lies around, and has a row and a sentence for it', () => {
    for (let i = 0; i < 3_000; i++) {
      const neighbours = Array.from({ length: Math.floor(random() * 30) }, randomNeighbour);
      const ranked = rankAssociations(neighbours);
      expect(ranked.length).to.be.at.most(MOST_ASSOCIATIONS);
      for (const [at, { score, match }] of ranked.entries()) {
        expect(score, match.rule.name).to.satisfy(Number.isFinite);
        expect(Math.floor(score / 1_000 + 0.1)).to.equal(match.reliability);
        if (at > 0) expect(score).to.be.at.least(ranked[at - 1].score);
      }
      const object = { id: 'A', ra: 10, decl: 10 };
      const found = classify(ranked, false);
      const rows = contextRows(object, found, ranked, { catalogues: [] }, NOW);
      expect(rows.crossmatches).to.have.length(ranked.length);
      const { description } = Object.assign({}, ...rows.classification) as { description: string };
      expect(description).to.match(/^[A-Z0-9].*\.$/);
      expect(description).to.not.match(/undefined|null|NaN|Infinity/);
    }
  });

  it('does not depend on the order in which neighbours come', () => {
    for (let i = 0; i < 300; i++) {
      const neighbours = Array.from({ length: 8 }, randomNeighbour);
      const scores = (each: Neighbour[]) => rankAssociations(each).map(({ score }) => score);
      expect(scores([...neighbours].reverse())).to.deep.equal(scores(neighbours));
    }
  });
});
