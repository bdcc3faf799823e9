import { CATALOGUE_BANDS, OPTIONAL_FIELDS, SOURCE_TYPES } from '../../common/catalogues/source.ts';
import type { CatalogueKind, OptionalField, SourceType } from '../../common/catalogues/source.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { catalogueMap } from './catalogue-map.ts';
import type { CatalogueMap, FieldSource, KeptColumn, TypeRule } from './catalogue-map.ts';

/** Names that a kept column may have: of a column that needs no quotes. */
const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** What somebody says of the columns of a catalogue that has no preset, or otherwise than it does. */
export interface WrittenMap {
  /** `ra=RAJ2000,dec=DEJ2000,id=Name,_r=rmag,majorAxisArcsec=a*60` */
  map: readonly string[];
  kind?: CatalogueKind;
  /** `Cl: Q=agn, B*=agn, *=other` */
  type?: string;
  /** `Sp,P=period` */
  keep: readonly string[];
  magFilter?: string;
}

/**
 * Reads a map in words, on top of a preset if there is one.
 *
 * @throws {InvalidInputError} saying which part cannot be read.
 */
export function parseMap(written: WrittenMap, preset: CatalogueMap | undefined): CatalogueMap {
  const parts = written.map.flatMap((text) => splitList(text).map(parsePart));
  const find = (...names: string[]) => parts.find(({ field }) => names.includes(field))?.source;
  const ra = find('ra') ?? preset?.ra;
  const decl = find('dec', 'decl') ?? preset?.decl;
  if (ra === undefined || decl === undefined) {
    throw new InvalidInputError(
      'say where the position is: --map ra=COLUMN,dec=COLUMN, or name a preset',
    );
  }
  const fields: CatalogueMap['fields'] = { ...preset?.fields };
  for (const { field, source } of parts) {
    if (['ra', 'dec', 'decl', 'id'].includes(field)) continue;
    if (!isField(field)) {
      const names = Object.keys(OPTIONAL_FIELDS).filter((name) => name !== 'type');
      throw new InvalidInputError(
        `there is no field ${field}: the fields are ra, dec, id, ${names.join(', ')}`,
      );
    }
    fields[field] = source;
  }
  const kind = written.kind ?? preset?.kind ?? 'mixed';
  const type = written.type === undefined ? undefined : parseType(written.type);
  const bands = CATALOGUE_BANDS.filter((band) => fields[band] !== undefined);
  return catalogueMap({
    ...preset,
    title: preset?.title ?? '',
    kind,
    ra,
    decl,
    id: find('id')?.column ?? preset?.id ?? null,
    fields,
    types: type?.rules ?? preset?.types ?? [],
    otherwise: type?.otherwise ?? preset?.otherwise ?? (kind === 'mixed' ? 'other' : kind),
    mainBands: preset?.mainBands ?? bands,
    magFilter: written.magFilter ?? preset?.magFilter,
    kept: [
      ...(preset?.kept ?? []),
      ...written.keep.flatMap((text) => splitList(text).map(parseKept)),
    ],
    isStrict: preset === undefined,
  });
}

function parsePart(part: string): { field: string; source: FieldSource } {
  const match = /^([A-Za-z_]\w*)\s*=\s*(.+?)(?:\s*\*\s*([-+\d.eE]+))?$/.exec(part);
  const factor = match?.[3] === undefined ? 1 : Number(match[3]);
  if (match === null || !Number.isFinite(factor) || factor === 0) {
    throw new InvalidInputError(
      `"${part}" cannot be read: a map is FIELD=COLUMN or FIELD=COLUMN*NUMBER, between commas`,
    );
  }
  const source = { column: match[2].split('|').map((name) => name.trim()) };
  return { field: match[1], source: match[3] === undefined ? source : { ...source, factor } };
}

function isField(name: string): name is Exclude<OptionalField, 'type'> {
  return name !== 'type' && Object.hasOwn(OPTIONAL_FIELDS, name);
}

function parseType(text: string): { rules: TypeRule[]; otherwise: SourceType } {
  const colon = text.indexOf(':');
  const column = text.slice(0, colon).trim();
  const rules: TypeRule[] = [];
  let otherwise: SourceType = 'other';
  for (const part of splitList(text.slice(colon + 1))) {
    const equals = part.lastIndexOf('=');
    const value = part.slice(0, equals).trim();
    const type = SOURCE_TYPES.find((known) => known === part.slice(equals + 1).trim());
    if (colon < 1 || equals < 1 || type === undefined) {
      throw new InvalidInputError(
        `"${text}" cannot be read: say COLUMN: VALUE=TYPE, VALUE*=TYPE, *=TYPE, where a type is ${SOURCE_TYPES.join(', ')}`,
      );
    }
    if (value === '*') otherwise = type;
    else {
      const isBeginning = value.endsWith('*');
      const words = (isBeginning ? value.slice(0, -1) : value).replace(
        /[.*+?^${}()|[\]\\]/g,
        '\\$&',
      );
      rules.push({ column, is: new RegExp(`^${words}${isBeginning ? '' : '$'}`), type });
    }
  }
  return { rules, otherwise };
}

/** `Sp`, `period=P`, `Sp:text` */
function parseKept(part: string): KeptColumn {
  const match = /^(?:([A-Za-z_]\w*)\s*=\s*)?(.+?)(?::(text|double))?$/.exec(part);
  const column = match?.[2].trim() ?? '';
  const name = match?.[1] ?? column;
  if (!COLUMN_NAME.test(name)) {
    throw new InvalidInputError(
      `a column cannot be named "${name}": say NAME=${column}, with letters, digits and underscores`,
    );
  }
  const isTaken = [...Object.keys(OPTIONAL_FIELDS), 'reach', 'hpx29', 'id', 'ra', 'decl'].some(
    (field) => field.toLowerCase() === name.toLowerCase(),
  );
  if (isTaken) {
    throw new InvalidInputError(
      `the table has a column ${name} of its own: say OTHER_NAME=${column} in --keep`,
    );
  }
  const type = match?.[3];
  return { column, name, ...(type === 'text' || type === 'double' ? { type } : {}) };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
