import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Survey } from '../../common/config.ts';
import { InvalidInputError } from '../../common/errors.ts';
import type { QuerySource } from '../../common/sql/compile.ts';

const HASH_LENGTH = 16;

/** What a cursor belongs to. */
export interface CursorQuery {
  survey: Survey;
  source: QuerySource;
  fields: Record<string, number>;
}

const Cursor = z.tuple([z.literal(1), z.int().min(0), z.string().length(HASH_LENGTH)]);

/** The place after some rows of a query, as a word for its next page. It does not end. */
export function writeCursor(query: CursorQuery, offset: number): string {
  return Buffer.from(JSON.stringify([1, offset, hashOf(query)])).toString('base64url');
}

/**
 * How many rows are before the place.
 *
 * @throws {InvalidInputError} if the word is no cursor, or one of another query.
 */
export function readCursor(query: CursorQuery, cursor: string): number {
  const parsed = Cursor.safeParse(contentOf(cursor));
  if (!parsed.success) {
    throw new InvalidInputError('cursor: this is none; give the one that the page before had');
  }
  const [, offset, hash] = parsed.data;
  if (hash !== hashOf(query)) {
    throw new InvalidInputError(
      'cursor: it belongs to another query; give the same query with it, to the letter',
    );
  }
  return offset;
}

function contentOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Not even JSON: like any other wrong content.
    return undefined;
  }
}

function hashOf({ survey, source, fields }: CursorQuery): string {
  const texts =
    source.kind === 'statement'
      ? [source.text]
      : [source.selected, source.tables, source.conditions];
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([survey, source.kind, texts, sorted]))
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}
