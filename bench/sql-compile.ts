import type { Survey } from '../common/config.ts';
import { compileQuery } from '../common/sql/compile-query.ts';
import type { CompileOptions, VisibleList } from '../common/sql/compile.ts';
import { parseQuery } from '../common/sql/parse-query.ts';
import { benchQueries } from './sql-queries.ts';

export interface CompileFigures {
  name: string;
  /** Letters of the text, and of the SQL made of it. */
  letters: { text: number; sql: number };
  /** CPU, milliseconds: reading alone, and all from the text to the SQL. */
  parseMs: number;
  totalMs: number;
}

const WARM_UP_ROUNDS = 1_000;
const ROUNDS = 500;
/** The least of some: others use the machine, too. */
const REPEATS = 5;
const LISTS: VisibleList[] = [
  { token: 'watchlist', name: 'bench', key: '1' },
  { token: 'area', name: 'bench', key: '1' },
];

/** What it costs this process to make SQL of each query: reading, resolving, writing. CPU. */
export function benchCompile(survey: Survey, objects: number): CompileFigures[] {
  const options: CompileOptions = {
    ...{ survey, reader: { userId: 1 }, lists: LISTS, now: new Date() },
    ...{ dialect: 'mariadb', limit: 1_001, offset: 0 },
  };
  return benchQueries(survey, objects).map(({ name, text: textOf, fields }) => {
    const text = textOf(1);
    const parse = () => parseQuery({ kind: 'statement', text });
    const all = () => compileQuery(parse(), { ...options, fields });
    return {
      name,
      letters: { text: text.length, sql: all().sql.length },
      parseMs: cpuOf(parse),
      totalMs: cpuOf(all),
    };
  });
}

function cpuOf(work: () => unknown): number {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) work();
  const repeats = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / ROUNDS;
  });
  return Number(Math.min(...repeats).toFixed(4));
}
