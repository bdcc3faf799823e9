import type {
  CatalogueBand,
  CatalogueKind,
  OptionalField,
  SourceType,
} from '../../common/catalogues/source.ts';
import type { TextDialect } from '../../common/formats/delimited-header.ts';
import type { FixedLayout } from '../../common/formats/fixed-text.ts';

/** A column by the names it has in the releases of a catalogue: the first that the file has. */
export type ColumnNames = string | readonly string[];

/** Where the value of a field comes from. */
export interface FieldSource {
  column: ColumnNames;
  /** What the value is multiplied by. */
  factor?: number;
  /** The number that stands for no value. */
  missing?: number;
  /** The value counts only in rows where this column is so. */
  when?: { column: ColumnNames; is: RegExp };
}

/** Says what a source is. The first rule that applies decides. */
export type TypeRule =
  | { column: ColumnNames; is: RegExp; type: SourceType }
  /** A number, or a difference of two, from `from` to below `to`. */
  | { value: ColumnNames; minus?: ColumnNames; from?: number; to?: number; type: SourceType };

/** A column kept as it is, beside the standard fields. */
export interface KeptColumn {
  column: ColumnNames;
  name: string;
  /** Told by the file where it is not given; numbers in text files. */
  type?: 'double' | 'text';
}

/** How the columns of a catalogue's files become the fields of its sources. */
export interface CatalogueMap {
  title: string;
  kind: CatalogueKind;
  /** Degrees, or sexagesimal hours and degrees. */
  ra: FieldSource;
  decl: FieldSource;
  /** Without it a source is named after its position. */
  id: ColumnNames | null;
  /** Several sources of a field are tried in turn. */
  fields: Partial<Record<Exclude<OptionalField, 'type'>, FieldSource | readonly FieldSource[]>>;
  types: readonly TypeRule[];
  /** What a source is to which no rule applies. */
  otherwise: SourceType;
  /** Bands whose magnitude stands for the source, in the order of preference. */
  mainBands: readonly CatalogueBand[];
  /** The band of `mag`, where that is mapped itself. */
  magFilter?: string;
  kept: readonly KeptColumn[];
  text: TextDialect;
  fixed?: readonly FixedLayout[];
  /** Whether every field that is mapped must be in the file: true for a map given by hand. */
  isStrict: boolean;
}

export const PLAIN_TEXT: TextDialect = { comment: '#', skipLines: 0 };

/** A map with everything that most catalogues do not need. */
export function catalogueMap(
  map: Pick<CatalogueMap, 'title' | 'kind' | 'ra' | 'decl' | 'id'> & Partial<CatalogueMap>,
): CatalogueMap {
  return {
    fields: {},
    types: [],
    otherwise: map.kind === 'mixed' ? 'other' : map.kind,
    mainBands: [],
    kept: [],
    text: PLAIN_TEXT,
    isStrict: false,
    ...map,
  };
}
