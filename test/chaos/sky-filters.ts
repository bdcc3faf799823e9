import type { Survey } from '../../common/config.ts';
import { applyShapes } from '../../common/moc/shapes.ts';
import type { FilterMemory, OutputSettings } from '../../common/filters/filter.ts';
import { insertAnnotator } from '../../common/store/annotations/annotators.ts';
import type { Database } from '../../common/store/database.ts';
import { makeFilter, saveFilter, switchFilter } from '../../common/store/filters.ts';
import { insertQuery } from '../../common/store/save-query.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { createWatchlist } from '../../common/store/lists/watchlist-edits.ts';
import { createWatchmap } from '../../common/store/lists/watchmap-edits.ts';
import type { NightPacket } from '../ingest/chaos/night.ts';

export const ORACLE = 'oracle';
export const OWNER = 'kay@example.org';

/** What a filter must have told in the end. */
export type Oracle =
  /** Of each object of this statement every alert. */
  | { kind: 'every'; objects: string }
  /** Of each alert of this statement (object, its number), and of no object but those. */
  | { kind: 'at-least'; alerts: string; objects: string }
  /** Of each object of this statement one alert. */
  | { kind: 'once'; objects: string }
  /** Of each object (with its number of detections) so that it was told each time that it grew by two. */
  | { kind: 'change'; objects: string }
  /** Each annotation of this statement (object, its number). */
  | { kind: 'annotations'; annotations: string };

export interface SkyFilter {
  queryId: number;
  name: string;
  channels: Partial<OutputSettings>;
  oracle: Oracle;
}

interface Seed {
  name: string;
  text: string;
  survey?: Survey;
  waitMinutes?: number;
  memory?: FilterMemory;
  onAnnotations?: boolean;
  mail?: boolean;
  kafka?: OutputSettings['kafka']['content'];
  oracle: Oracle;
}

/** Saves a query and switches it on as a filter. */
export async function switchOn(
  db: Database,
  userId: number,
  seed: Omit<Seed, 'mail' | 'kafka' | 'oracle'>,
  outputs: Partial<OutputSettings>,
): Promise<number> {
  const now = new Date();
  const { name, text, memory = { kind: 'every' }, onAnnotations = false } = seed;
  const { survey = 'ztf', waitMinutes = 0 } = seed;
  const source = { kind: 'statement' as const, text };
  return db.transaction(async (tx) => {
    const content = { name, description: '', survey, source, fields: [] };
    const queryId = await insertQuery(tx, userId, content, now);
    await makeFilter(tx, { queryId, userId, survey, version: 1 }, now);
    const triggers = { onAlerts: !onAnnotations, onAnnotations };
    await saveFilter(tx, queryId, { triggers, waitMinutes, memory, outputs }, now);
    await switchFilter(tx, queryId, 'on', { expiresAt: null, now });
    return queryId;
  });
}

/**
 * Eight filters of different kinds on a night, with lists of their own. What each must tell is said by
 * statements of their own on what is stored in the end: they ask for what no later alert changes, or
 * what only grows.
 */
export async function layFilters(
  db: Database,
  packets: readonly NightPacket[],
  webhookUrl: string,
): Promise<{ userId: number; filters: SkyFilter[] }> {
  const now = new Date();
  const userId = await insertUser(db, { name: 'kay', email: OWNER, role: 'user' }, now);
  const editor = { userId, now };
  const places = [...new Map(packets.map(({ objectId, place }) => [objectId, place])).values()];
  const sources = places.flatMap(({ ra, decl }, i) =>
    i % 4 === 0 ? [{ name: `source ${i}`, ra, decl, radiusArcsec: null }] : [],
  );
  const list = await createWatchlist(db, editor, { name: 'mine' }, sources);
  const map = await createWatchmap(
    db,
    editor,
    { name: 'a half', description: '', active: true, public: false },
    applyShapes([{ kind: 'circle', use: 'add', ra: 180, dec: 10, radius: 60 }]),
  );
  const annotator = { description: '', isActive: true, isPublic: false };
  await db.transaction((tx) => insertAnnotator(tx, userId, ORACLE, annotator, now));
  const filters: SkyFilter[] = [];
  for (const seed of seedsOf(list, map)) {
    const channels: Partial<OutputSettings> = {
      kafka: { content: seed.kafka ?? 'columns' },
      webhook: { url: webhookUrl, body: 'json' },
      ...(seed.mail === true && { mail: { every: 'soon', gapMinutes: 1 } }),
    };
    const queryId = await switchOn(db, userId, seed, channels);
    filters.push({ queryId, name: seed.name, channels, oracle: seed.oracle });
  }
  return { userId, filters };
}

function seedsOf(list: number, map: number): Seed[] {
  return [
    {
      name: 'north',
      text: 'SELECT objectId, decmean, ncand FROM objects WHERE decmean > 20',
      oracle: { kind: 'every', objects: 'SELECT objectId FROM ztf.objects WHERE decmean > 20' },
    },
    {
      name: 'in galaxies',
      text: `SELECT o.objectId, s.classification, s.catalogue_object_id FROM objects o
        JOIN sherlock_classifications s ON s.objectId = o.objectId WHERE s.classification = 'SN'`,
      mail: true,
      oracle: {
        kind: 'every',
        objects: "SELECT objectId FROM ztf.sherlock_classifications WHERE classification = 'SN'",
      },
    },
    {
      name: 'watched',
      text: `SELECT objects.objectId, watchlist_hits.name FROM objects, watchlist:${list}`,
      oracle: {
        kind: 'every',
        objects: `SELECT objectId FROM ztf.watchlist_hits WHERE wl_id = ${list}`,
      },
    },
    {
      name: 'in the map',
      text: `SELECT objectId, ramean FROM objects WHERE in_watchmap(${map}) AND decmean < 40`,
      kafka: 'light-curve',
      oracle: {
        kind: 'every',
        objects: `SELECT h.objectId FROM ztf.area_hits h
          JOIN ztf.objects o ON o.objectId = h.objectId WHERE h.ar_id = ${map} AND o.decmean < 40`,
      },
    },
    {
      name: 'twice in red',
      text: `SELECT objectId FROM objects
        WHERE decmean < 0 AND light_curve(COUNT(*) WHERE band = 'r') >= 2`,
      oracle: {
        kind: 'at-least',
        // Each packet tells what came before: two detections in r up to its own are enough.
        alerts: `SELECT c.objectId, c.candid FROM ztf.candidates c
          JOIN ztf.objects o ON o.objectId = c.objectId
          WHERE c.hasalert = 1 AND o.decmean < 0 AND (SELECT COUNT(*) FROM ztf.candidates p
            WHERE p.objectId = c.objectId AND p.fid = 2 AND p.jd <= c.jd) >= 2`,
        objects: 'SELECT objectId FROM ztf.objects WHERE decmean < 0 AND ncandr >= 2',
      },
    },
    {
      name: 'at last three',
      text: 'SELECT objectId, ncand FROM objects WHERE ncand >= 3',
      memory: { kind: 'once' },
      mail: true,
      oracle: { kind: 'once', objects: 'SELECT objectId FROM ztf.objects WHERE ncand >= 3' },
    },
    {
      name: 'two more',
      text: 'SELECT objectId, ncand FROM objects WHERE ncand >= 1',
      memory: { kind: 'change', column: 'ncand', by: 2 },
      oracle: { kind: 'change', objects: 'SELECT objectId, ncand FROM ztf.objects' },
    },
    {
      name: 'said to be',
      text: `SELECT objects.objectId, ${ORACLE}.classification FROM objects, annotator:${ORACLE}
        WHERE ${ORACLE}.classification = 'SN'`,
      onAnnotations: true,
      mail: true,
      oracle: {
        kind: 'annotations',
        annotations: `SELECT objectId, annotationID FROM ztf.annotations WHERE classification = 'SN'`,
      },
    },
  ];
}
