import { expect } from 'chai';

import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { seededRandom } from '../../astro/reference.ts';
import { freshDatabase } from '../../../servers.ts';
import { readExpression } from '../tree-text.ts';

const OPERATORS =
  '+ - * / DIV MOD % & | ^ << >> = <=> <> != < <= > >= AND OR XOR LIKE BETWEEN IN IS'.split(' ');
const PREFIXES = ['', '', '', '', '-', '~', 'NOT ', '+ '];
const OPERANDS = ['0', '1', '2', '3', '7', '1.5', '2e0', 'NULL', "'2'", 'TRUE', '(1 - 2)'];
const TESTS = ['NULL', 'NOT NULL', 'TRUE', 'NOT TRUE', 'FALSE', 'UNKNOWN'];

describe('how tightly operators bind', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());

  const random = seededRandom(5);
  const oneOf = (items: readonly string[]) => items[Math.floor(random() * items.length)];

  function randomExpression(): string {
    let text = oneOf(PREFIXES) + oneOf(OPERANDS);
    for (let length = 1 + Math.floor(random() * 5); length > 0; length--) {
      const operator = oneOf(OPERATORS);
      if (operator === 'IS') text += ` IS ${oneOf(TESTS)}`;
      else if (operator === 'IN') text += `${oneOf(['', ' NOT'])} IN (${oneOf(OPERANDS)}, 3)`;
      else if (operator === 'BETWEEN') text += ` BETWEEN ${oneOf(OPERANDS)} AND ${oneOf(OPERANDS)}`;
      else text += ` ${operator} ${oneOf(PREFIXES)}${oneOf(OPERANDS)}`;
    }
    return text;
  }

  /** What the server makes of an expression: its value, or the number of its error. */
  async function valueOf(expression: string): Promise<string> {
    try {
      return JSON.stringify(await db.arrays(`SELECT ${expression}`));
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      if (typeof cause !== 'object' || cause === null || !('errno' in cause)) throw error;
      return `error ${String(cause.errno)}`;
    }
  }

  it('is as MariaDB has it', async function () {
    this.timeout(60_000);
    const differing: string[] = [];
    let compared = 0;
    while (compared < 1_000) {
      const text = randomExpression();
      let bracketed: string;
      try {
        bracketed = readExpression(text);
      } catch (error) {
        // Some of what servers accept is refused, because people read it otherwise.
        if (!(error instanceof QueryError)) throw error;
        continue;
      }
      compared++;
      const [given, ours] = [await valueOf(text), await valueOf(bracketed)];
      if (given !== ours) differing.push(`${text}  is ${given}, but ${bracketed} is ${ours}`);
    }
    expect(differing).to.deep.equal([]);
  });
});
