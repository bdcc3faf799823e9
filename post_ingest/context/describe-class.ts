import type { ObjectClass } from './classify.ts';
import { isMag } from './source-facts.ts';
import type { Association } from './rank-associations.ts';

/** What was asked about an object. */
export interface Asked {
  /** The catalogues that were searched, with the number of their load. */
  catalogues: readonly { name: string; load: number }[];
}

const TYPE_WORDS: Record<string, string> = {
  star: 'star',
  variable: 'variable star',
  cv: 'cataclysmic variable',
  agn: 'active galactic nucleus',
  galaxy: 'galaxy',
  other: 'source of unknown kind',
  'solar-system': 'body of the solar system',
};

/** What a class means for the object, at the end of the sentence. */
const CONCLUSIONS: Record<string, string> = {
  VS: 'it is this star that varies',
  CV: 'it is this binary in outburst',
  AGN: 'it is this nucleus that varies',
  NT: 'it lies in the nucleus of this galaxy',
  SN: 'if it belongs to this galaxy, it is most likely a supernova',
  BS: 'most likely it is an artefact of the light of this star',
};

/** Longest name that a sentence repeats, characters. */
const NAME_LENGTH = 100;

/**
 * A sentence about the class of an object, in HTML: names from catalogues are escaped.
 *
 * @returns Well under 4000 characters.
 */
export function describeClass({ classification, best }: ObjectClass, asked: Asked): string {
  if (best === null) {
    return classification === 'ORPHAN'
      ? `Nothing that is known lies near enough to belong to it. ${askedText(asked)}`
      : `Nothing is known of what lies around it. ${askedText(asked)}`;
  }
  const [first] = best.entries;
  const name = sourceName(best);
  const called = name === '' ? '' : `<em>${escapeHtml(name)}</em>, `;
  if (first.facts.type === 'solar-system') {
    return `${placeText(best)} where ${called}a body of the solar system, was expected: it may be this body passing. ${askedText(asked)}`;
  }
  const conclusion = CONCLUSIONS[best.match.association] ?? 'what it belongs to is not clear';
  const listed = `listed in ${escapeHtml(catalogueNames(best))}`;
  return `${placeText(best)} ${called}${kindText(best)}${distanceText(best)}, ${listed}: ${conclusion}. ${askedText(asked)}`;
}

/** The same in a few words, as plain text of at most 255 characters. */
export function summariseClass({ classification, best }: ObjectClass, asked: Asked): string {
  if (best === null) {
    const none = asked.catalogues.length === 0 ? 'no catalogue was searched' : 'none found';
    return `${classification ?? 'unknown'}: ${none}`;
  }
  const name = sourceName(best);
  const source = [TYPE_WORDS[best.entries[0].facts.type], name].filter(Boolean).join(' ');
  const separation = best.nearest.separationArcsec.toFixed(1);
  return `${best.match.association}: ${separation}" from ${source} (${catalogueNames(best)})`.slice(
    0,
    255,
  );
}

/** Catalogues that list an association's source, the most trusted first: `NED/GSC`. */
export function catalogueNames({ entries }: Association): string {
  return [...new Set(entries.map((entry) => entry.catalogue))].join('/');
}

/** The name of an association's source in the most trusted catalogue that names it. */
export function sourceName({ entries }: Association): string {
  return entries.find(({ source }) => source.id !== '')?.source.id.slice(0, 255) ?? '';
}

function escapeHtml(text: string): string {
  return text.slice(0, NAME_LENGTH).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function placeText({ nearest, match }: Association): string {
  const { separationArcsec, offset } = nearest;
  if (match.reliability === 1 && match.association !== 'UNCLEAR') {
    return `At the place (${separationArcsec.toFixed(2)} arcsec) of`;
  }
  if (offset === null) return `${separationArcsec.toFixed(1)} arcsec from`;
  // The object lies on the other side of the source than the source of the object.
  const north = `${Math.abs(offset.northArcsec).toFixed(1)} arcsec ${offset.northArcsec > 0 ? 'south' : 'north'}`;
  const east = `${Math.abs(offset.eastArcsec).toFixed(1)} ${offset.eastArcsec > 0 ? 'west' : 'east'}`;
  return `${separationArcsec.toFixed(1)} arcsec (${north}, ${east}) from`;
}

function kindText({ entries }: Association): string {
  const { facts } = entries[0];
  const word = TYPE_WORDS[facts.type];
  const { mag, magFilter } = magnitudeOf(entries);
  const article = /^[aeiou]/.test(word) ? 'an' : 'a';
  if (mag === null) return `${article} ${word}`;
  return `${article} ${word} of ${mag.toFixed(1)} mag${magFilter === null ? '' : ` in ${escapeHtml(magFilter)}`}`;
}

function distanceText({ distance, physicalKpc, entries }: Association): string {
  if (distance === null || physicalKpc === null) return '';
  const { z, photoZ } = distance.entry.source;
  const { type } = entries[0].facts;
  if (type !== 'galaxy' && type !== 'agn') return '';
  const redshift =
    distance.kind === 'spec' && z !== null
      ? ` of redshift ${z.toFixed(4)}`
      : distance.kind === 'phot' && photoZ !== null
        ? ` of photometric redshift ${photoZ.toFixed(3)}`
        : '';
  return `${redshift} at ${rounded(distance.mpc, 3)} Mpc (${rounded(physicalKpc, 2)} kpc away across the line of sight)`;
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

function askedText({ catalogues }: Asked): string {
  return catalogues.length === 0
    ? 'This is what the alert itself tells: no catalogue was searched.'
    : `Searched: ${catalogues.length === 1 ? '1 catalogue' : `${catalogues.length} catalogues`} and what the alert itself tells.`;
}

/** The magnitude that stands for a source: of the most trusted catalogue that has one. */
export function magnitudeOf(entries: Association['entries']): {
  mag: number | null;
  magErr: number | null;
  magFilter: string | null;
} {
  for (const { source, facts } of entries) {
    if (isMag(source.mag)) {
      return { mag: source.mag, magErr: source.magErr, magFilter: source.magFilter };
    }
    if (facts.mag !== null && facts.magBand !== null) {
      const magErr = source[`${facts.magBand}Err`];
      return { mag: facts.mag, magErr, magFilter: facts.magBand.replace('_', '') };
    }
  }
  return { mag: null, magErr: null, magFilter: null };
}
