import type { ListToken, Name } from '../ast.ts';
import type { QueryError } from '../query-error.ts';

/** One word of a query. Offsets are UTF-16 units of its text, `end` exclusive. */
export interface Token {
  /**
   * `word` is a keyword or a name, `quoted` a name in back-quotes, `list` a whole watchlist:12;
   * `bad` is where reading stopped, `end` where the text does.
   */
  kind: 'word' | 'quoted' | 'number' | 'string' | 'parameter' | 'list' | 'symbol' | 'end' | 'bad';
  /** What the grammar compares: the symbol, or the word in capitals; empty for the other kinds. */
  word: string;
  /** The word as written, the name, digits or field without its sign, or the value of the string. */
  text: string;
  start: number;
  end: number;
  list?: { token: ListToken['token']; names: Name[] };
  /** Why a bad token is one. */
  error?: QueryError;
}
