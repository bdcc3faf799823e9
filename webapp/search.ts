import { parsePosition } from '../common/astro/position-text.ts';
import { SURVEYS } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import { InvalidInputError } from '../common/errors.ts';
import type { Queries } from '../common/store/database.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import {
  MAX_CONE_RADIUS_ARCSEC,
  parseObjectId,
  selectObjectOfDetection,
  selectObjects,
  selectObjectsInCone,
} from '../common/store/objects.ts';

export interface SearchHit {
  object: SurveyObject;
  separationArcsec: number | null;
}

/** What a text in the search box means, and what was found. */
export interface SearchResult {
  query: string;
  /** Set when the text was a position. */
  cone?: { ra: number; dec: number; radiusArcsec: number };
  hits: SearchHit[];
  /** Names that no object has. */
  missing: string[];
  isComplete: boolean;
}

const DEFAULT_RADIUS_ARCSEC = 5;
const MAX_NAMES = 100;
const MAX_QUERY = 4_000;
const SHOWN_HITS = 500;
const GRAMMAR =
  'Write one or more object names (ZTF18acruwxq, or a number of Rubin’s), or a position with an optional radius in arcsec: “194.494 48.851 10” or “12:57:58.6 48:51:04”.';

/**
 * Finds objects by name, detection id or position, in both surveys.
 *
 * @throws {InvalidInputError} if the text is neither names nor a position.
 */
export async function search(db: Queries, text: string): Promise<SearchResult> {
  const query = text.trim();
  if (query === '') throw new InvalidInputError(`Nothing was asked for. ${GRAMMAR}`);
  if (query.length > MAX_QUERY) throw new InvalidInputError(`This is too long. ${GRAMMAR}`);
  const words = query.split(/[\s,;|]+/).filter((word) => word !== '');
  const names = words.map((word) => parseObjectId(word));
  if (names.every((name) => name !== undefined) && !looksLikePosition(words)) {
    return searchNames(db, query, names);
  }
  const position = parsePosition(query);
  if (position === undefined) {
    throw new InvalidInputError(`“${query.slice(0, 60)}” is no name or position. ${GRAMMAR}`);
  }
  return searchCone(db, query, {
    ra: position.ra,
    dec: position.dec,
    radiusArcsec: position.radiusArcsec ?? DEFAULT_RADIUS_ARCSEC,
  });
}

/** Two or more short whole numbers are a position like `180 -1 10`, not Rubin's ids. */
function looksLikePosition(words: string[]): boolean {
  return words.length > 1 && words.every((word) => /^\d{1,6}$/.test(word));
}

async function searchNames(
  db: Queries,
  query: string,
  names: { survey: Survey; id: string }[],
): Promise<SearchResult> {
  if (names.length > MAX_NAMES) {
    throw new InvalidInputError(`At most ${MAX_NAMES} names can be searched at once.`);
  }
  const found = await Promise.all(
    SURVEYS.map((survey) =>
      selectObjects(
        db,
        survey,
        names.filter((name) => name.survey === survey).map((name) => name.id),
      ),
    ),
  );
  const byId = new Map(found.flat().map((object) => [object.id, object]));
  const hits: SearchHit[] = [];
  const missing: string[] = [];
  for (const { id } of new Map(names.map((name) => [name.id, name])).values()) {
    const object = byId.get(id) ?? (await objectOfDetection(db, id));
    if (object) hits.push({ object, separationArcsec: null });
    else missing.push(id);
  }
  return { query, hits, missing, isComplete: true };
}

/** A number that no object has may be a detection's. */
async function objectOfDetection(db: Queries, id: string): Promise<SurveyObject | undefined> {
  if (!/^\d+$/.test(id)) return undefined;
  const owner = await selectObjectOfDetection(db, BigInt(id));
  if (owner === undefined) return undefined;
  return (await selectObjects(db, owner.survey, [owner.id]))[0];
}

async function searchCone(
  db: Queries,
  query: string,
  cone: { ra: number; dec: number; radiusArcsec: number },
): Promise<SearchResult> {
  if (cone.radiusArcsec > MAX_CONE_RADIUS_ARCSEC) {
    throw new InvalidInputError(
      `The radius can be at most ${MAX_CONE_RADIUS_ARCSEC} arcsec, one degree.`,
    );
  }
  const cones = await Promise.all(
    SURVEYS.map((survey) => selectObjectsInCone(db, survey, cone, cone.radiusArcsec)),
  );
  const hits = cones
    .flatMap((result) => result.hits)
    .sort((a, b) => a.separationArcsec - b.separationArcsec);
  return {
    query,
    cone,
    hits: hits.slice(0, SHOWN_HITS),
    missing: [],
    isComplete: hits.length <= SHOWN_HITS && cones.every((result) => result.isComplete),
  };
}
