import type { Survey } from '../common/config.ts';
import type { Comment } from '../common/store/comments.ts';
import type { ObjectSurroundings } from '../common/store/object-surroundings.ts';
import type { Scalar } from '../common/store/row-reader.ts';
import type { TnsSummary } from '../common/store/tns-matches.ts';
import { formatInstant } from '../common/figures/format-instant.ts';
import { sentenceHtml } from './sentence-html.ts';

export const OTHER_SURVEY: Record<Survey, Survey> = { ztf: 'lsst', lsst: 'ztf' };

/** What each class says of an object, for people who do not know the letters. */
export const CLASS_MEANINGS: Record<string, string> = {
  VS: 'variable star',
  CV: 'cataclysmic variable',
  BS: 'light of a bright star',
  AGN: 'active galactic nucleus',
  NT: 'in the nucleus of a galaxy',
  SN: 'near a galaxy: perhaps a supernova',
  ORPHAN: 'nothing known near it',
  UNCLEAR: 'near something of unknown kind',
};
const TNS_OBJECT = 'https://www.wis-tns.org/object/';
const TNS_ADDRESS = /(https:\/\/www\.wis-tns\.org\/object\/[\w%.~-]+)/;

type Row = Record<string, Scalar>;
type TnsEntry = TnsSummary & { arcsec: number };

/** What the page shows of the sky around an object, its names and what is said about it. */
export function surroundingsPage(survey: Survey, surroundings: ObjectSurroundings) {
  const { context, crossmatches, tns, comments, otherSurvey } = surroundings;
  return {
    context: context && contextPanel(context),
    crossmatches: crossmatches.map(crossmatchRow),
    tns: tns.map(tnsEntry),
    otherKind: OTHER_SURVEY[survey],
    otherSurvey: otherSurvey.map(({ id, separationArcsec }) => ({ id, separationArcsec })),
    isOtherAmbiguous: otherSurvey.some(({ candidates }) => candidates > 1),
    comments: comments.map(commentRow),
  };
}

/** The name as people write it: `SN 2018cow`. */
function tnsTitle({ prefix, name }: Pick<TnsSummary, 'prefix' | 'name'>): string {
  return prefix === null ? name : `${prefix} ${name}`;
}

function contextPanel(row: Row) {
  const classification = textual(row.classification);
  const searched = textual(row.catalogues) ?? '';
  return {
    classification: classification ?? '–',
    meaning: classification === null ? 'not enough is known' : CLASS_MEANINGS[classification],
    sentence: sentenceHtml(textual(row.description) ?? ''),
    facts: contextFacts(row),
    isPacketOnly: searched === '',
    searched: searched
      .split(',')
      .map((entry) => entry.replace(/:\d+$/, ''))
      .join(', '),
    annotator: textual(row.annotator),
  };
}

function contextFacts(row: Row): { name: string; value: string; note?: string }[] {
  const facts: { name: string; value: string; note?: string }[] = [];
  if (isNumber(row.best_distance)) {
    const ways: Record<string, string> = {
      direct: 'measured directly',
      spec: 'from the redshift',
      phot: 'from the photometric redshift',
    };
    const way = ways[textual(row.best_distance_flag) ?? ''] ?? '';
    const source = textual(row.best_distance_source);
    facts.push({
      name: 'Distance',
      value: `${row.best_distance.toPrecision(4)} Mpc`,
      note: [way, source].filter(Boolean).join(', '),
    });
  }
  if (isNumber(row.z)) facts.push({ name: 'Redshift', value: row.z.toFixed(5) });
  else if (isNumber(row.photoZ)) {
    const error = isNumber(row.photoZErr) ? ` ± ${row.photoZErr.toFixed(3)}` : '';
    facts.push({
      name: 'Redshift',
      value: `${row.photoZ.toFixed(3)}${error}`,
      note: 'photometric',
    });
  }
  if (isNumber(row.separationArcsec)) {
    const kpc = row.physical_separation_kpc;
    facts.push({
      name: 'Separation',
      value: `${row.separationArcsec.toFixed(2)}″`,
      ...(isNumber(kpc) ? { note: `${kpc.toPrecision(3)} kpc across the line of sight` } : {}),
    });
  }
  return facts;
}

function crossmatchRow(row: Row) {
  const isPhot = !isNumber(row.z);
  return {
    rank: row.rank,
    name: row.catalogue_object_id,
    catalogue: row.catalogue_table_name,
    type: row.catalogue_object_type,
    association: row.association_type,
    meaning: CLASS_MEANINGS[textual(row.association_type) ?? ''],
    rule: row.search_name,
    separation: row.separationArcsec,
    north: row.northSeparationArcsec,
    east: row.eastSeparationArcsec,
    mag: row.Mag,
    magErr: row.MagErr,
    filter: row.MagFilter,
    z: isPhot ? row.photoZ : row.z,
    isPhotoZ: isPhot && isNumber(row.photoZ),
    kpc: row.physical_separation_kpc,
  };
}

function tnsEntry(entry: TnsEntry) {
  const { arcsec, discoveredAt, discoveryMag, discoveryFilter } = entry;
  const mag =
    discoveryMag === null
      ? ''
      : ` at ${discoveryMag.toFixed(2)} mag${discoveryFilter === null ? '' : ` (${discoveryFilter})`}`;
  return {
    title: tnsTitle(entry),
    url: `${TNS_OBJECT}${encodeURIComponent(entry.name)}`,
    type: entry.type,
    z: entry.z,
    arcsec,
    discovery: discoveredAt === null ? '' : `${formatInstant(discoveredAt)} UTC${mag}`,
    group: entry.reportingGroup ?? entry.sourceGroup,
    host: entry.hostName,
  };
}

function commentRow({ author, isRobot, content, time }: Comment) {
  return {
    author: isRobot ? 'Glint' : (author ?? 'somebody who has left'),
    time: formatInstant(time),
    // Only the broker's own comments link, and to one place only.
    parts: (isRobot ? content.split(TNS_ADDRESS) : [content]).map((part) => ({
      text: part.startsWith(TNS_OBJECT) ? part.slice(TNS_OBJECT.length) : part,
      url: isRobot && TNS_ADDRESS.test(part) ? part : undefined,
    })),
  };
}

function isNumber(value: Scalar): value is number {
  return typeof value === 'number';
}

function textual(value: Scalar): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
