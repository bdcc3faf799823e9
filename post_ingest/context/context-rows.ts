import { distanceModulus } from '../../common/astro/cosmology.ts';
import { CATALOGUE_BANDS } from '../../common/catalogues/source.ts';
import type { ContextRow, StoredContext } from '../../common/store/context.ts';
import type { SkyPosition } from '../../common/store/catalogue-lookup.ts';
import { associationDistances } from './association-distances.ts';
import type { ObjectClass } from './classify.ts';
import {
  catalogueNames,
  describeClass,
  magnitudeOf,
  sourceName,
  summariseClass,
} from './describe-class.ts';
import type { Asked } from './describe-class.ts';
import type { Association } from './rank-associations.ts';
import { RULES_VERSION } from './rules.ts';
import { isMag } from './source-facts.ts';

/** What is around an object, as the tables have it. */
export function contextRows(
  object: SkyPosition & { id: string },
  found: ObjectClass,
  associations: readonly Association[],
  asked: Asked,
  now: Date,
): StoredContext {
  const sources = associations.map(sourceValues);
  return {
    id: object.id,
    classification: [...sources.slice(0, 1), classValues(object, found, asked)],
    crossmatches: associations.map((association, i) => [
      sources[i],
      matchValues(association, i + 1, now),
      bandValues(association),
    ]),
  };
}

/** What `sherlock_classifications` alone says. */
function classValues(
  { id, ra, decl }: SkyPosition & { id: string },
  found: ObjectClass,
  asked: Asked,
): ContextRow {
  const { classification, best } = found;
  const description = describeClass(found, asked);
  return {
    classification,
    association_type: best && best.match.association,
    annotation: description,
    best_distance: best?.distance?.mpc ?? null,
    best_distance_flag: best?.distance?.kind ?? null,
    best_distance_source: best?.distance?.entry.catalogue ?? null,
    annotator:
      asked.catalogues.length > 0
        ? `Glint context, rules ${RULES_VERSION}`
        : `Glint packet context, rules ${RULES_VERSION}`,
    additional_output: `/object/${encodeURIComponent(id)}/`,
    description,
    summary: summariseClass(found, asked),
    objRa: ra,
    objDecl: decl,
    catalogues: asked.catalogues.map(({ name, load }) => `${name}:${load}`).join(','),
    rules: RULES_VERSION,
  };
}

/** What `sherlock_crossmatches` alone says, but for magnitudes by band. */
function matchValues(association: Association, rank: number, now: Date): ContextRow {
  const { direct, ofRedshift } = associationDistances(association);
  return {
    rank,
    association_rank: rank,
    association_type: association.match.association,
    distance_modulus: ofRedshift && distanceModulus(ofRedshift.mpc),
    scale: ofRedshift && ofRedshift.kpcPerArcsec,
    direct_distance_modulus: direct && distanceModulus(direct.mpc),
    direct_distance_scale: direct && direct.kpcPerArcsec,
    catalogue_view_name: catalogueNames(association),
    search_name: association.match.rule.name,
    rankScore: association.score,
    dateCreated: now.toISOString().slice(0, 23).replace('T', ' '),
  };
}

/** What both tables say of a source alike. */
function sourceValues(association: Association): ContextRow {
  const { nearest, match, entries, physicalKpc } = association;
  const { offset, source, separationArcsec } = nearest;
  const { direct, ofRedshift, z, photoZ, photoZErr } = associationDistances(association);
  const { mag, magErr, magFilter } = magnitudeOf(entries);
  const { type } = entries[0].facts;
  const sized = entries.find(({ facts }) => facts.semiMajorArcsec !== null);
  return {
    catalogue_table_name: catalogueNames(association),
    catalogue_object_id: sourceName(association) || null,
    catalogue_object_type: type === 'other' ? 'uncertain' : type,
    raDeg: offset && source.ra,
    decDeg: offset && source.decl,
    separationArcsec,
    northSeparationArcsec: offset && offset.northArcsec,
    eastSeparationArcsec: offset && offset.eastArcsec,
    physical_separation_kpc: physicalKpc,
    direct_distance: direct && direct.mpc,
    distance: ofRedshift && ofRedshift.mpc,
    z,
    photoZ,
    photoZErr,
    Mag: mag,
    MagFilter: magFilter,
    MagErr: magErr,
    classificationReliability: match.reliability,
    major_axis_arcsec: sized?.facts.semiMajorArcsec ?? null,
  };
}

/** Magnitudes in each band: of the most trusted entry that has one. */
function bandValues({ entries }: Association): ContextRow {
  const values: ContextRow = {};
  for (const band of CATALOGUE_BANDS) {
    const entry = entries.find(({ source }) => isMag(source[band]));
    if (entry === undefined) continue;
    values[band] = entry.source[band];
    values[`${band}Err`] = entry.source[`${band}Err`];
  }
  return values;
}
