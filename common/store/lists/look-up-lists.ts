import { z } from 'zod';

import type { ListReference, Reader, VisibleList } from '../../sql/compile.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('lists.sql', [
  'selectVisibleWatchlists',
  'selectVisibleAreas',
  'selectVisibleAnnotators',
]);

const STATEMENTS = {
  watchlist: sql.selectVisibleWatchlists,
  area: sql.selectVisibleAreas,
  annotator: sql.selectVisibleAnnotators,
} as const;
const LARGEST_NUMBER = 2 ** 31 - 1;
const ASCII = /^[\x20-\x7e]*$/;

const ListRow = z
  .strictObject({ list_key: z.coerce.string(), name: z.string(), user_id: z.int() })
  .transform((row) => ({ key: row.list_key, name: row.name, userId: row.user_id }));
type ListRow = z.infer<typeof ListRow>;

/**
 * The lists that a query names, by number or by name, as far as the reader may see them: public ones
 * and the reader's own. Names are taken as they are written or else without regard to case; of lists
 * of one name the reader's own come before other people's, and several that are alike all come back.
 *
 * @returns For a reference that means nothing to the reader, nothing.
 */
export async function lookUpLists(
  db: Queries,
  reader: Reader | undefined,
  references: readonly ListReference[],
): Promise<VisibleList[]> {
  const found = await Promise.all(
    (['watchlist', 'area', 'annotator'] as const).map(async (token) => {
      const wanted = references.filter((reference) => reference.token === token);
      if (wanted.length === 0) return [];
      const names = [...new Set(wanted.map(({ name }) => name))];
      // Topics are ASCII, and the server compares them with nothing else.
      const texts = token === 'annotator' ? names.filter((name) => ASCII.test(name)) : names;
      const rows = await db.rows(ListRow, STATEMENTS[token], {
        // An empty list is no SQL.
        numbers: [0, ...names.filter(isNumber).map(Number)],
        names: ['', ...texts.flatMap((name) => [name, name.toLowerCase()])],
        userId: reader?.userId ?? null,
      });
      return names.flatMap((name) =>
        choose(rows, name, reader).map(({ key }) => ({ token, name, key })),
      );
    }),
  );
  return found.flat();
}

function isNumber(name: string): boolean {
  return /^\d{1,10}$/.test(name) && Number(name) <= LARGEST_NUMBER;
}

function choose(rows: readonly ListRow[], name: string, reader: Reader | undefined): ListRow[] {
  const numbered = isNumber(name)
    ? rows.find(({ key }) => key === String(Number(name)))
    : undefined;
  if (numbered !== undefined) return [numbered];
  const exact = rows.filter((row) => row.name === name);
  const alike = rows.filter((row) => row.name.toLowerCase() === name.toLowerCase());
  const named = exact.length > 0 ? exact : alike;
  const own = named.filter(({ userId }) => userId === reader?.userId);
  return own.length > 0 ? own : named;
}
