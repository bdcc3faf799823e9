import type { ResultNotes, ResultTable } from '../../../common/formats/result-table.ts';
import type { ResultColumn } from '../../../common/sql/ast.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';

const column = (
  name: string,
  type: ResultColumn['type'],
  more: Partial<ResultColumn> = {},
): ResultColumn => ({ name, type, ...more });
const ofTable = (name: string) => ({
  source: { database: 'lsst' as const, table: 'objects', column: name },
});

/** One column of each type, as a query gives them. */
export const COLUMNS: ResultColumn[] = [
  column('diaObjectId', 'id', { ucd: 'meta.id;meta.main', description: 'Number of the object.' }),
  column('ra', 'double', {
    unit: 'deg',
    ucd: 'pos.eq.ra',
    description: 'Right ascension: 0 <= ra & ra < 360.',
  }),
  column('mag', 'float', { unit: 'mag', ucd: 'phot.mag' }),
  column('n', 'int', ofTable('n')),
  column('total', 'int'),
  column('mean', 'decimal'),
  column('isNear', 'bool'),
  column('name', 'text', { description: 'What it is called: "quoted"' }),
  column('record', 'json'),
  column('seen', 'timestamp', { description: 'When, UTC.' }),
  column('nothing', 'null'),
];

/** The largest, the smallest, the most awkward, and none at all. */
export const ROWS: Scalar[][] = [
  [
    '9223372036854775807',
    0.1 + 0.2,
    18.3,
    2147483647,
    9007199254740991,
    '1234567890123456.5000',
    true,
    'née <b>&amp; "O’Neil", 星\r\nnext',
    '{"a": [1, "x"]}',
    '2024-02-29T23:59:59.123Z',
    null,
  ],
  [
    '-9223372036854775808',
    5e-324,
    -1e-7,
    -2147483648,
    '-9223372036854775808',
    '-0.0001',
    false,
    '',
    'null',
    '1970-01-01T00:00:00.000Z',
    null,
  ],
  [
    '170055002004914266',
    1.7976931348623157e308,
    3.4028235e38,
    0,
    0,
    0,
    false,
    ' =1+1, ]]> \u0001',
    '"\u2028"',
    '9999-12-31T23:59:59.999Z',
    null,
  ],
  COLUMNS.map(() => null),
];

export const NOTES: ResultNotes = {
  query: 'SELECT *\nFROM objects WHERE ra < 10 AND name <> "x"',
  askedAt: new Date('2026-11-21T12:00:00Z'),
};

/** A result of these groups. */
export function resultOf(
  groups: Scalar[][][],
  { columns = COLUMNS, isCut = false }: { columns?: ResultColumn[]; isCut?: boolean } = {},
): ResultTable {
  return {
    columns,
    // eslint-disable-next-line @typescript-eslint/require-await
    groups: (async function* () {
      yield* groups;
    })(),
    notes: NOTES,
    isCut: () => isCut,
  };
}

export async function bytesOf(pieces: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}
