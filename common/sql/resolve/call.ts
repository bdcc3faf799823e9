import type { Call, Place } from '../ast.ts';
import { FUNCTIONS, INSTEAD } from '../functions/functions.ts';
import { signatureOf } from '../functions/signature.ts';
import type { SqlFunction } from '../functions/signature.ts';
import { MAX_TEXT_SEARCHES } from '../limits.ts';
import { SUGAR } from '../sugar/sugar.ts';
import { resolveArgument } from './argument.ts';
import { callContext } from './call-context.ts';
import { resolveExpression } from './expression.ts';
import type { Resolved } from './resolved.ts';
import { partsOf, queryOf } from './parts.ts';
import type { Context, Scope } from './scope-of-select.ts';
import { refuse } from './statement.ts';
import { refuseFunction } from './unknown-names.ts';
import { resolveWindow } from './window.ts';

/** @throws {QueryError} if there is no such function, or it cannot be called so, or not here. */
export function resolveCall(node: Call, context: Context): Resolved {
  const lowerName = node.name.text.toLowerCase();
  const sugar = SUGAR.get(lowerName);
  if (sugar !== undefined) {
    return resolveExpression(sugar.expand(node, callContext(context.scope, node.place)), context);
  }
  const called = FUNCTIONS.get(lowerName);
  if (called === undefined) {
    return refuseFunction(node.name, INSTEAD[lowerName], [...FUNCTIONS.keys(), ...SUGAR.keys()]);
  }
  checkShape(node, called);
  checkClause(node, called, context);
  if (called.isSearch === true) countSearch(node.place, context.scope);
  const isAggregate = called.kind === 'aggregate' && node.over === undefined;
  const within: Context = isAggregate ? { ...context, inside: 'aggregate' } : context;
  const args = node.arguments.map((argument, i) => resolveArgument(argument, i, called, within));
  if (isAggregate) {
    checkOwner(args, node.place, context.scope);
    context.onAggregate?.();
  }
  return {
    kind: 'call',
    called,
    isAggregate,
    isStar: node.isStar,
    isDistinct: node.isDistinct,
    arguments: args,
    over: node.over && resolveWindow(node.over, called, context),
    type: resultType(called, args),
    place: node.place,
  };
}

function resultType({ result }: SqlFunction, args: readonly Resolved[]) {
  return typeof result === 'string' ? result : result(args.map(({ type }) => type));
}

function countSearch(place: Place, { statement }: Scope): void {
  statement.textSearchCount += 1;
  if (statement.textSearchCount <= MAX_TEXT_SEARCHES) return;
  refuse(`more than ${MAX_TEXT_SEARCHES} texts are searched`, place, 'write several queries');
}

/** That the arguments are as many as it takes, and a star and DISTINCT only where they may be. */
function checkShape(node: Call, called: SqlFunction): void {
  const { parameters } = called;
  if (node.isDistinct && node.over !== undefined) {
    refuse('DISTINCT cannot stand with OVER', node.place, 'use a sub-query in FROM with GROUP BY');
  }
  const usage = `write ${signatureOf(called)}`;
  if (node.isStar) {
    if (called.allowsStar !== true) refuse(`${called.name}(*) has no meaning`, node.place, usage);
    return;
  }
  if (node.isDistinct && called.allowsDistinct !== true) {
    refuse(`${called.name} knows no DISTINCT`, node.place, usage);
  }
  const fewest = parameters.filter((one) => !one.isOptional && !one.isRepeated).length;
  const isOpen = parameters.some((one) => one.isRepeated);
  const given = node.arguments.length;
  if (given < fewest || (!isOpen && given > parameters.length)) {
    const wanted =
      isOpen || fewest < parameters.length
        ? `${fewest} or more arguments`
        : fewest === 1
          ? 'one argument'
          : `${fewest === 0 ? 'no' : fewest} arguments`;
    refuse(`${called.name} takes ${wanted}, not ${given}`, node.place, usage);
  }
  if (called.name === 'COUNT' && given > 1 && !node.isDistinct) {
    refuse('COUNT of several columns', node.place, 'write COUNT(DISTINCT x, y), or COUNT(*)');
  }
}

/** That it may be called where it stands. */
function checkClause(node: Call, called: SqlFunction, { clause, inside }: Context): void {
  const isWindow = node.over !== undefined;
  if (called.kind === 'window' && !isWindow) {
    refuse(
      `${called.name} needs a window`,
      node.place,
      `write ${called.name}(...) OVER (ORDER BY x)`,
    );
  }
  if (called.kind === 'scalar' && isWindow) {
    refuse(`${called.name} works on one row: it takes no OVER`, node.place);
  }
  if (called.kind === 'scalar') return;
  if (inside !== undefined) {
    refuse(
      `${called.name} cannot stand in another function of many rows`,
      node.place,
      'use a sub-query in FROM',
    );
  }
  const isLate = clause === 'SELECT' || clause === 'ORDER BY';
  if (isWindow && !isLate) {
    refuse(
      `${called.name} OVER cannot stand in ${clause}`,
      node.place,
      'put it into a sub-query in FROM, and the condition on it outside',
    );
  }
  if (isWindow || isLate || clause === 'HAVING') return;
  refuse(
    `${called.name} cannot stand in ${clause}, which looks at single rows`,
    node.place,
    clause === 'WHERE' ? 'put the condition into HAVING' : undefined,
  );
}

/** An aggregate of nothing but another query's columns would be an aggregate of that query. */
function checkOwner(args: readonly Resolved[], place: Place, scope: Scope): void {
  let isOuter = false;
  const pending = [...args];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.kind === 'column') {
      if (scope.namespace.tables.includes(one.table)) return;
      isOuter = true;
    }
    if (queryOf(one) !== undefined) return;
    pending.push(...partsOf(one));
  }
  if (!isOuter) return;
  refuse('an aggregate of columns of the query around this one', place, 'write it in that query');
}
