import {
  compareMatches,
  nameObjects,
  selectMatchesOfObjects,
  selectTnsNear,
} from '../../common/store/tns-matches.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import type { Step } from '../steps/step.ts';
import { foundMatch, settleMatches } from './match-names.ts';

/** Finds names of the Transient Name Server for objects that are new or have moved. */
export const tnsStep: Step = {
  name: 'tns',
  async find(db, survey, objects) {
    const near = await selectTnsNear(db, survey, objects);
    const found = near
      .map(({ place, row, arcsec }) => foundMatch(place.id, row, arcsec))
      .sort(compareMatches);
    const facts = new Map<string, Partial<ObjectContext>>(
      objects.map((object) => [object.id, { tnsName: null, tnsType: null }]),
    );
    // The nearest is written last.
    for (const { objectId, entry } of [...found].reverse()) {
      facts.set(objectId, { tnsName: entry.name, tnsType: entry.type });
    }
    const ids = objects.map((object) => object.id);
    return {
      facts,
      async write(tx) {
        const stored = await selectMatchesOfObjects(tx, survey, ids);
        await settleMatches(tx, survey, stored, found);
        // A fact that is null leaves the name that is in the object's row.
        const named = new Set(found.map((match) => match.objectId));
        const lost = stored.map((match) => match.objectId).filter((id) => !named.has(id));
        await nameObjects(tx, survey, [...new Set(lost)]);
      },
    };
  },
};
