import type { Name } from '../ast.ts';
import { isPlainName } from '../tokens/names.ts';
import { accept, acceptName, peek, placeOf, refuse, take, unexpected } from './cursor.ts';
import type { Cursor } from './cursor.ts';

/** The name that a column of the result is given: AS name, AS 'name', or either without AS. */
export function acceptAlias(cursor: Cursor): Name | undefined {
  return accept(cursor, 'AS')
    ? expectAlias(cursor)
    : (acceptBareAlias(cursor) ?? acceptText(cursor));
}

/** The name that a table is given: AS name, or name alone. */
export function acceptTableAlias(cursor: Cursor): Name | undefined {
  if (!accept(cursor, 'AS')) return acceptBareAlias(cursor);
  const name = acceptName(cursor);
  if (name === undefined) throw unexpected(cursor, 'a name after AS', []);
  return name;
}

function expectAlias(cursor: Cursor): Name {
  const name = acceptName(cursor, 'value') ?? acceptText(cursor);
  if (name !== undefined) return name;
  const token = peek(cursor);
  if (token.kind === 'word')
    throw refuse(
      cursor,
      token,
      `${token.text} is a word of SQL and no name by itself`,
      `write \`${token.text}\` in back-quotes, or another name`,
    );
  throw unexpected(cursor, 'a name after AS', []);
}

function acceptBareAlias(cursor: Cursor): Name | undefined {
  const name = acceptName(cursor);
  if (name !== undefined) cursor.bareAlias = cursor.previous;
  return name;
}

/** A text as a name, as MySQL has it: AS 'g minus r'. */
function acceptText(cursor: Cursor): Name | undefined {
  const token = peek(cursor);
  if (token.kind !== 'string') return undefined;
  if (!isPlainName(token.text))
    throw refuse(
      cursor,
      token,
      'this text cannot name a column',
      'names have letters A to Z, digits, _, -, . and blanks, up to 64 of them',
    );
  take(cursor);
  return { text: token.text, place: placeOf(cursor, token) };
}
