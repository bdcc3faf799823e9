import type { ResultColumn } from '../../common/sql/ast.ts';
import { csvText } from '../../common/formats/csv-text.ts';
import type { ResultTable } from '../../common/formats/result-table.ts';
import { writeVotable } from '../../common/formats/write-votable.ts';
import type { Queries } from '../../common/store/database.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import { exportSources } from '../../common/store/lists/watchlist-sources.ts';
import type { StoredSource } from '../../common/store/lists/watchlist-sources.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';

const GROUP_ROWS = 2_000;
type Pieces = AsyncGenerator<string | Uint8Array, void, void>;

/** How a list's sources leave the site. */
export const SOURCE_FORMATS = {
  /** As Lasair's `/cat/`: the list's radius where a source has none of its own. */
  csv: { mediaType: 'text/csv; charset=utf-8', ending: 'csv', write: writeCsv },
  /** Lines as they are pasted: those of 2021. */
  txt: { mediaType: 'text/plain; charset=utf-8', ending: 'txt', write: writeText },
  votable: { mediaType: 'application/x-votable+xml', ending: 'vot', write: writeTable },
};
export type SourceFormat = keyof typeof SOURCE_FORMATS;

async function* writeCsv(db: Queries, list: Watchlist): Pieces {
  yield 'ra,decl,name,radius\r\n';
  yield* inPieces(db, list, ({ ra, decl, name, radiusArcsec }) => {
    return `${ra},${decl},${csvText(name)},${radiusArcsec ?? list.radiusArcsec}\r\n`;
  });
}

async function* writeText(db: Queries, list: Watchlist): Pieces {
  yield* inPieces(db, list, ({ ra, decl, name, radiusArcsec }) => {
    const radius = radiusArcsec === null ? '' : `, ${radiusArcsec}`;
    return `${ra}, ${decl}, ${csvText(name)}${radius}\n`;
  });
}

async function* inPieces(
  db: Queries,
  { watchlistId }: Watchlist,
  line: (source: StoredSource) => string,
): AsyncGenerator<string, void, void> {
  let piece = '';
  let count = 0;
  for await (const source of exportSources(db, watchlistId)) {
    piece += line(source);
    if (++count % GROUP_ROWS === 0) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

const COLUMNS: ResultColumn[] = [
  {
    name: 'ra',
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.ra;meta.main',
    description: 'Right ascension, ICRS.',
  },
  {
    name: 'decl',
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.dec;meta.main',
    description: 'Declination, ICRS.',
  },
  {
    name: 'name',
    type: 'text',
    ucd: 'meta.id;meta.main',
    description: 'What the source is called.',
  },
  {
    name: 'radius',
    type: 'float',
    unit: 'arcsec',
    ucd: 'pos.angDistance',
    description: 'Radius within which objects belong to the source.',
  },
];

async function* writeTable(db: Queries, list: Watchlist): Pieces {
  async function* groups(): AsyncGenerator<Scalar[][], void, void> {
    let rows: Scalar[][] = [];
    for await (const { ra, decl, name, radiusArcsec } of exportSources(db, list.watchlistId)) {
      rows.push([ra, decl, name, radiusArcsec ?? list.radiusArcsec]);
      if (rows.length === GROUP_ROWS) {
        yield rows;
        rows = [];
      }
    }
    yield rows;
  }
  const table: ResultTable = {
    columns: COLUMNS,
    groups: groups(),
    notes: { query: `watchlist ${list.watchlistId}: ${list.name}`, askedAt: list.updatedAt },
    isCut: () => false,
  };
  yield* writeVotable(table);
}
