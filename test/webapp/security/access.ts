import type { Scope } from '../../../common/store/accounts/api-tokens.ts';

/** Who asks. Tokens are the owner's but `otherToken`; browsers are logged in. */
export const PEOPLE = [
  'visitor',
  'owner',
  'other',
  'power',
  'staff',
  'disabled',
  'revoked',
  'overdue',
] as const;
export const TOKENS = [
  'read',
  'query',
  'annotate',
  'write',
  'otherToken',
  'expired',
  'ofDisabled',
  'unknown',
] as const;
export type Actor = (typeof PEOPLE)[number] | (typeof TOKENS)[number];

/** A status, or the way to the login. */
type Answer = number | 'login';
export type Access = Record<Actor, Answer>;

/** One request to a route and what everybody is answered. */
export interface Case {
  /** With `{private}`, `{public}`, `{privateMap}`, `{publicMap}`, `{session}`, `{token}` and `{user}` of the owner in it; annotators are open{user} and hidden{user}. */
  at: string;
  form?: Record<string, string>;
  json?: unknown;
  /** Of what comes with JSON; POST without. */
  method?: 'POST' | 'PATCH' | 'DELETE';
  access: Access;
}

export const asVisitor = (answer: Answer) => ({
  visitor: answer,
  disabled: answer,
  revoked: answer,
  overdue: answer,
});
export const allTokens = (answer: Answer) =>
  Object.fromEntries(TOKENS.map((actor) => [actor, answer])) as Record<
    (typeof TOKENS)[number],
    Answer
  >;
export const BAD_TOKENS = { expired: 401, ofDisabled: 401, unknown: 401 } as const;

/** A page: tokens open nothing there, so that whoever has only one is a visitor. */
export function page(
  visitor: Answer,
  owner: Answer,
  other: Answer = owner,
  staff: Answer = other,
): Access {
  return { ...allTokens(visitor), ...asVisitor(visitor), owner, other, power: other, staff };
}

/** An address for programs that everybody may read: a bad token is refused all the same. */
export function api(answer: Answer): Access {
  return { ...page(answer, answer), ...BAD_TOKENS };
}

/** An address for programs that wants a scope. */
export function scoped(scope: Scope, good: Answer, other: Answer = good): Access {
  return {
    ...page(401, good, other),
    ...allTokens(403),
    [scope]: good,
    otherToken: other,
    ...BAD_TOKENS,
  };
}

export const open = (at: string, answer: Answer = 200): Case => ({
  at,
  access: page(answer, answer),
});
export const everybody = (at: string, answer: Answer = 200): Case => ({ at, access: api(answer) });
export const sent = (at: string, form: Record<string, string>, access: Access): Case => ({
  at,
  form,
  access,
});

/** A page that only its owner sees, with a browser. */
export const ofOwner = (at: string): Case => ({ at, access: page(404, 200, 404) });
/** A form that only the owner of a filter may send. */
export const ownFilter = (
  end: string,
  form: Record<string, string>,
  good: Answer = 303,
): Case[] => [
  sent(`/filters/{hiddenFilter}${end}`, form, page(401, good, 404)),
  sent(`/filters/{openFilter}${end}`, form, page(401, good, 403)),
];
