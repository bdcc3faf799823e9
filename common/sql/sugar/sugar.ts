import type { Call, Expression } from '../ast.ts';
import type { CallContext } from '../resolve/scope.ts';
import { expandCone } from './cone.ts';
import { expandInList } from './in-list.ts';

/** A word that looks like a function and becomes a condition of plain SQL. */
export interface Sugar {
  /** How it is called, for people. */
  signature: string;
  description: string;
  /** @throws {QueryError} if it cannot be called so. */
  expand: Expand;
}

type Expand = (call: Call, context: CallContext) => Expression;

/** Conditions are called plainly: nothing of what aggregates may have stands with them. */
function condition(expand: Expand): Expand {
  return (call, context) => {
    if (call.isStar || call.isDistinct || call.over !== undefined) {
      context.refuse(
        `${call.name.text}() is a condition`,
        call.place,
        'write it without *, DISTINCT and OVER',
      );
    }
    return expand(call, context);
  };
}

/** All such words, by name in lower case; light_curve() has a grammar of its own. */
export const SUGAR: ReadonlyMap<string, Sugar> = new Map<string, Sugar>([
  [
    'cone',
    {
      signature: 'cone([table], ra, dec, radius)',
      description:
        "Whether the position is within so many arcsec (at most 36000) of a place: degrees, or texts such as '05:34:31.9', '+22:00:52'. Uses the index of the sky.",
      expand: condition(expandCone),
    },
  ],
  [
    'in_watchlist',
    {
      signature: 'in_watchlist([table], list)',
      description: 'Whether the object is near a source of the watchlist with this number or name.',
      expand: condition((call, context) => expandInList('watchlist', call, context)),
    },
  ],
  [
    'in_watchmap',
    {
      signature: 'in_watchmap([table], list)',
      description: 'Whether the object is in the watchmap with this number or name.',
      expand: condition((call, context) => expandInList('area', call, context)),
    },
  ],
  [
    'in_skymap',
    {
      signature: 'in_skymap([table], event, level)',
      description: 'Whether the object is in a region of a gravitational-wave sky map: not yet.',
      expand: (call, context) =>
        context.refuse(
          'sky maps cannot be asked for yet',
          call.name.place,
          'ask for a place with cone(), or for a region with in_watchmap()',
        ),
    },
  ],
]);
