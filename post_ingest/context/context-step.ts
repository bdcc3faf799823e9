import type { Survey } from '../../common/config.ts';
import { UpstreamError } from '../../common/errors.ts';
import { CLASSES_IN_GALAXIES, storedFloat } from '../../common/features/object-context.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import { isReplaced, selectNearbySources } from '../../common/store/catalogue-lookup.ts';
import { areCatalogues, selectCatalogues } from '../../common/store/catalogues.ts';
import type { Catalogue } from '../../common/store/catalogues.ts';
import { replaceContext, selectNewestAlerts } from '../../common/store/context.ts';
import type { StoredContext } from '../../common/store/context.ts';
import type { Queries } from '../../common/store/database.ts';
import type { Findings, PlacedObject, Step } from '../steps/step.ts';
import { associationDistances } from './association-distances.ts';
import { classify } from './classify.ts';
import type { ObjectClass } from './classify.ts';
import { contextRows } from './context-rows.ts';
import { catalogueNeighbour } from './neighbour.ts';
import type { Neighbour } from './neighbour.ts';
import { packetNeighbours } from './packet-neighbours.ts';
import { rankAssociations } from './rank-associations.ts';
import { galaxyCoverage } from './searched.ts';

/** Finds out what is around objects: the ranked associations of each, and its class by them. */
export const contextStep: Step = {
  name: 'context',
  async find(db, survey, objects) {
    const told = await withNewestAlerts(db, survey, objects);
    try {
      return await findContext(db, survey, told);
    } catch (err) {
      // A new load took the place of a catalogue just now: its table has other columns.
      if (!isReplaced(err)) throw err;
      return findContext(db, survey, told);
    }
  },
};

async function findContext(
  db: Queries,
  survey: Survey,
  objects: readonly PlacedObject[],
): Promise<Findings> {
  const catalogues = await selectCatalogues(db);
  const neighbours = await catalogueNeighbours(db, catalogues, objects);
  const listsGalaxies = galaxyCoverage(catalogues);
  const now = new Date();
  const facts = new Map<string, Partial<ObjectContext>>();
  const stored: StoredContext[] = [];
  for (const [i, object] of objects.entries()) {
    const packet = packetNeighbours(survey, object);
    const associations = rankAssociations([...neighbours[i], ...packet.neighbours]);
    const found = classify(associations, packet.hasSearched || listsGalaxies(object));
    facts.set(object.id, factsOfClass(found));
    stored.push(contextRows(object, found, associations, { catalogues }, now));
  }
  return {
    facts,
    async write(tx, server) {
      // Whoever goes over all objects for a new catalogue cannot see those of this transaction.
      if (!(await areCatalogues(tx, catalogues)))
        throw new UpstreamError('a catalogue came or went while surroundings were looked at');
      await replaceContext(tx, server, survey, stored);
    },
  };
}

/** What lies around each object, in their order, by all catalogues. */
async function catalogueNeighbours(
  db: Queries,
  catalogues: readonly Catalogue[],
  objects: readonly PlacedObject[],
): Promise<Neighbour[][]> {
  const neighbours: Neighbour[][] = objects.map(() => []);
  for (const catalogue of catalogues) {
    const nearby = await selectNearbySources(db, catalogue, objects);
    for (const [i, object] of objects.entries()) {
      for (const near of nearby[i]) {
        neighbours[i].push(catalogueNeighbour(object, catalogue, near));
      }
    }
  }
  return neighbours;
}

function factsOfClass({ classification, best }: ObjectClass): Partial<ObjectContext> {
  if (best === null || !CLASSES_IN_GALAXIES.has(best.match.association)) {
    return { classification, z: null, photoZ: null, distanceMpc: null };
  }
  const { z, photoZ, direct } = associationDistances(best);
  return {
    classification,
    z: storedFloat(z),
    photoZ: storedFloat(photoZ),
    distanceMpc: storedFloat(direct && direct.mpc),
  };
}

/** Fills in what the newest alert said of objects that come without it. */
async function withNewestAlerts(
  db: Queries,
  survey: Survey,
  objects: readonly PlacedObject[],
): Promise<readonly PlacedObject[]> {
  const ids = objects.filter(({ newestAlert }) => newestAlert === null).map(({ id }) => id);
  if (ids.length === 0) return objects;
  const alerts = await selectNewestAlerts(db, survey, ids);
  return objects.map((object) =>
    object.newestAlert === null
      ? { ...object, newestAlert: alerts.get(object.id) ?? null }
      : object,
  );
}
