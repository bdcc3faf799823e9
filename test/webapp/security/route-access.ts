import { LSST_ID, ZTF_ID } from '../seed.ts';

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
  /** With `{private}`, `{public}`, `{session}`, `{token}` and `{user}` of the owner in it. */
  at: string;
  form?: Record<string, string>;
  json?: unknown;
  access: Access;
}

const asVisitor = (answer: Answer) => ({
  visitor: answer,
  disabled: answer,
  revoked: answer,
  overdue: answer,
});
const allTokens = (answer: Answer) =>
  Object.fromEntries(TOKENS.map((actor) => [actor, answer])) as Record<
    (typeof TOKENS)[number],
    Answer
  >;
const BAD_TOKENS = { expired: 401, ofDisabled: 401, unknown: 401 } as const;

/** A page: tokens open nothing there, so that whoever has only one is a visitor. */
function page(
  visitor: Answer,
  owner: Answer,
  other: Answer = owner,
  staff: Answer = other,
): Access {
  return { ...allTokens(visitor), ...asVisitor(visitor), owner, other, power: other, staff };
}

/** An address for programs that everybody may read: a bad token is refused all the same. */
function api(answer: Answer): Access {
  return { ...page(answer, answer), ...BAD_TOKENS };
}

/** An address for programs that wants a scope. */
function scoped(scope: 'read' | 'query', good: Answer, other: Answer = good): Access {
  return {
    ...page(401, good, other),
    ...allTokens(403),
    [scope]: good,
    otherToken: other,
    ...BAD_TOKENS,
  };
}

const open = (at: string, answer: Answer = 200): Case => ({ at, access: page(answer, answer) });
const everybody = (at: string, answer: Answer = 200): Case => ({ at, access: api(answer) });
const sent = (at: string, form: Record<string, string>, access: Access): Case => ({
  at,
  form,
  access,
});

const SQL = 'SELECT objectId FROM objects LIMIT 1';
const QUERY = { survey: 'ztf', sql: SQL };
const IN_ADDRESS = new URLSearchParams(QUERY).toString();
const BOXES = { selected: 'objectId', tables: 'objects', conditions: '' };
const BOXES_IN_ADDRESS = new URLSearchParams(BOXES).toString();
const EDIT = { ...QUERY, name: 'another name', description: '', version: '1' };
const WRONG_PASSWORD = { password: 'not the password' };

/** Every route of the site, and what each of those who may ask is answered. */
export const ROUTE_ACCESS: Record<string, Case[]> = {
  'get /favicon.ico': [open('/favicon.ico', 302)],
  'get /healthz': [open('/healthz')],
  'get /readyz': [open('/readyz')],
  'get /metrics': [open('/metrics')],

  'get /login/': [{ at: '/login/', access: page(200, 302) }],
  'post /login/': [sent('/login/', { login: 'nobody', ...WRONG_PASSWORD }, page(401, 401))],
  'get /logout/': [{ at: '/logout/', access: page(302, 200) }],
  'post /logout/': [sent('/logout/', {}, page(303, 303))],
  'get /signup/': [{ at: '/signup/', access: page(200, 302) }],
  'post /signup/': [sent('/signup/', { name: '', email: '' }, page(400, 400))],
  'get /signup/sent/': [open('/signup/sent/')],
  'get /signup/confirm/': [open('/signup/confirm/?key=x', 404)],
  'post /signup/confirm/': [sent('/signup/confirm/', { key: 'x' }, page(404, 404))],
  'get /password_reset/': [open('/password_reset/')],
  'post /password_reset/': [sent('/password_reset/', { email: 'x' }, page(400, 400))],
  'get /password_reset/sent/': [open('/password_reset/sent/')],
  'get /password_reset/confirm/': [open('/password_reset/confirm/?key=x', 404)],
  'post /password_reset/confirm/': [sent('/password_reset/confirm/', { key: 'x' }, page(404, 404))],
  'get /email/confirm/': [open('/email/confirm/?key=x', 404)],
  'post /email/confirm/': [sent('/email/confirm/', { key: 'x' }, page(404, 404))],
  'get /account_deleted/': [open('/account_deleted/')],

  'get /profile/': [{ at: '/profile/', access: page('login', 200) }],
  'post /profile/data/': [sent('/profile/data/', { firstName: 'V' }, page(401, 303))],
  'post /profile/password/': [
    sent('/profile/password/', { ...WRONG_PASSWORD, newPassword: 'x' }, page(401, 400)),
  ],
  'post /profile/email/': [
    sent('/profile/email/', { ...WRONG_PASSWORD, email: 'v@example.net' }, page(401, 400)),
  ],
  'post /profile/sessions/:sessionId/end/': [
    sent('/profile/sessions/{session}/end/', {}, page(401, 303)),
  ],
  'post /profile/sessions/end-others/': [sent('/profile/sessions/end-others/', {}, page(401, 303))],
  'post /profile/tokens/': [
    sent('/profile/tokens/', { name: 'new', scopes: 'read' }, page(401, 200)),
  ],
  'post /profile/tokens/:tokenId/revoke/': [
    sent('/profile/tokens/{token}/revoke/', {}, page(401, 303)),
  ],
  'post /profile/notebook/': [sent('/profile/notebook/', {}, page(401, 200))],
  'post /profile/notebook/revoke/': [sent('/profile/notebook/revoke/', {}, page(401, 303))],
  'get /profile/delete/': [{ at: '/profile/delete/', access: page('login', 200) }],
  'post /profile/delete/': [
    sent('/profile/delete/', { name: 'x', ...WRONG_PASSWORD }, page(401, 400)),
  ],
  'get /users/': [{ at: '/users/', access: page('login', 403, 403, 200) }],
  'post /users/:userId/': [
    sent('/users/{user}/', { change: 'role', role: 'staff' }, page(401, 403, 403, 303)),
  ],
  'post /api/auth-token/,/ztf/api/auth-token/,/lsst/api/auth-token/': [
    sent('/api/auth-token/', { username: 'nobody', ...WRONG_PASSWORD }, api(400)),
    sent('/lsst/api/auth-token/', { username: 'nobody', ...WRONG_PASSWORD }, api(400)),
  ],
  '_all /api/auth-token/,/ztf/api/auth-token/,/lsst/api/auth-token/': [
    everybody('/ztf/api/auth-token/', 405),
  ],

  ...Object.fromEntries(
    [
      ...['/register/', '/activate/', '/password_change/', '/accounts/', '/accounts/login/'],
      ...['/accounts/logout/', '/accounts/signup/', '/accounts/profile/'],
      ...['/accounts/password_change/', '/accounts/password_change/done/'],
      ...['/accounts/password_reset/', '/accounts/password_reset/done/'],
    ].map((path) => [`get ${path}`, [open(path, 301)]]),
  ),

  'get /': [open('/')],
  'get /search/': [open('/search/?q=ZTF26')],
  'get /object/:id/': [open(`/object/${ZTF_ID}/`)],
  'get /object/:id/json/': [open(`/object/${ZTF_ID}/json/`)],
  'get /object/:id/sparkline/': [open(`/object/${LSST_ID}/sparkline/`)],
  'get /objects/:id/': [open(`/objects/${ZTF_ID}/`, 301)],
  'get /cand/:candid/': [open('/cand/1/', 404)],
  'get /object/:id/period/': [open(`/object/${ZTF_ID}/period/`)],
  'get /stamp/:survey/:id/:kind.jpg': [open('/stamp/ztf/1/science.jpg', 404)],
  'get /fits/:survey/:id/:kind.fits': [open('/fits/ztf/1/science.fits', 404)],
  'get /fits/:name/': [open('/fits/1_cutoutScience/', 301)],
  'get /fits/:day/:name/': [open('/fits/20261121/1_cutoutScience/', 301)],
  'get /coverage/': [open('/coverage/')],
  'post /coverage/': [sent('/coverage/', { date1: '20261120', date2: '20261121' }, page(303, 303))],
  'get /coverageAjax/:nid1/:nid2/': [open('/coverageAjax/3610/3611/')],
  'get /hips/empty/properties': [open('/hips/empty/properties')],
  'get /hips/empty/Moc.fits': [open('/hips/empty/Moc.fits')],
  'get /hips/empty/Norder3/Allsky.jpg': [open('/hips/empty/Norder3/Allsky.jpg')],
  'get /^\\/hips\\/empty\\/Norder0\\/Dir0\\/Npix(\\d|1[01])\\.jpg$/': [
    open('/hips/empty/Norder0/Dir0/Npix11.jpg'),
  ],
  'get /status/': [open('/status/')],
  'get /status/jobs/': [open('/status/jobs/')],
  'get /status/:nid/': [open('/status/3611/')],
  'get /schema/': [open('/schema/')],

  'get /query/': [open(`/query/?${IN_ADDRESS}`)],
  'post /query/': [sent('/query/', QUERY, page(303, 303))],
  'post /query/check': [sent('/query/check', QUERY, page(200, 200))],
  'get /query/words-:digest.json': [open('/query/words-0.json', 404)],
  'get /query/guide/': [open('/query/guide/')],
  'get /query/download': [open(`/query/download?${IN_ADDRESS}&format=csv`)],
  'post /query/download': [sent('/query/download', { ...QUERY, format: 'csv' }, page(200, 200))],
  'get /objlist/': [open(`/objlist/?${IN_ADDRESS}`)],
  'post /objlist/': [sent('/objlist/', { sqlquery: SQL, json: 'on' }, page(200, 200))],

  'get /queries/': [open('/queries/'), { at: '/queries/?show=mine', access: page('login', 200) }],
  'get /queries/create/': [{ at: '/queries/create/', access: page('login', 200) }],
  'post /queries/create/': [sent('/queries/create/', { ...QUERY, name: '' }, page(401, 400))],
  'get /queries/:id/': [
    { at: '/queries/{private}/', access: page(404, 200, 404) },
    open('/queries/{public}/'),
  ],
  'get /queries/:id/edit/': [
    { at: '/queries/{private}/edit/', access: page('login', 200, 404) },
    { at: '/queries/{public}/edit/', access: page('login', 200, 403) },
  ],
  'post /queries/:id/edit/': [
    sent('/queries/{private}/edit/', EDIT, page(401, 303, 404)),
    sent('/queries/{public}/edit/', EDIT, page(401, 303, 403)),
  ],
  'get /queries/:id/delete/': [
    { at: '/queries/{private}/delete/', access: page('login', 200, 404) },
    { at: '/queries/{public}/delete/', access: page('login', 200, 403) },
  ],
  'post /queries/:id/delete/': [
    sent('/queries/{private}/delete/', {}, page(401, 303, 404)),
    sent('/queries/{public}/delete/', {}, page(401, 303, 403)),
  ],
  'post /queries/:id/level/': [
    sent('/queries/{private}/level/', { level: '1' }, page(401, 303, 404)),
    sent('/queries/{public}/level/', { level: '0' }, page(401, 303, 403)),
    sent('/queries/{public}/level/', { level: '2' }, page(401, 403, 403)),
  ],
  'post /queries/:id/copy/': [
    sent('/queries/{private}/copy/', {}, page(401, 303, 404)),
    sent('/queries/{public}/copy/', {}, page(401, 303, 303)),
  ],
  'get /queries/:id/versions/': [
    { at: '/queries/{private}/versions/', access: page(404, 200, 404) },
    open('/queries/{public}/versions/'),
  ],
  'post /queries/:id/restore/': [
    sent('/queries/{private}/restore/', { version: '1', current: '1' }, page(401, 303, 404)),
    sent('/queries/{public}/restore/', { version: '1', current: '1' }, page(401, 303, 403)),
  ],
  '_all /myquery/': [open('/myquery/', 301)],
  '_all /myquery/:id/': [open('/myquery/{private}/', 301)],
  'get /streams/': [open('/streams/')],
  'get /streams/:id/': [
    { at: '/streams/{private}/', access: page(404, 302, 404) },
    open('/streams/{public}/', 302),
    open('/streams/{system}/'),
  ],

  '_all /ztf/api/query/': [
    { at: `/ztf/api/query/?${BOXES_IN_ADDRESS}`, access: scoped('query', 200) },
  ],
  '_all /lsst/api/query/': [
    {
      at: '/lsst/api/query/',
      form: { ...BOXES, selected: 'diaObjectId' },
      access: scoped('query', 200),
    },
  ],
  '_all /api/query/': [{ at: '/api/query/', json: BOXES, access: scoped('query', 200) }],
  'get /api/': [everybody('/api/')],
  'get /api/v1/openapi.json': [everybody('/api/v1/openapi.json')],
  'get /api/v1/objects/:survey/:id': [everybody(`/api/v1/objects/ztf/${ZTF_ID}`)],
  'get /api/v1/objects/:survey/:id/period': [everybody(`/api/v1/objects/ztf/${ZTF_ID}/period`)],
  'get /api/v1/search': [everybody(`/api/v1/search?query=${ZTF_ID}`)],
  'get /api/v1/coverage': [everybody('/api/v1/coverage?survey=ztf&date1=today')],
  'get /api/v1/status': [everybody('/api/v1/status')],
  'get /api/v1/queries': [{ at: `/api/v1/queries?${IN_ADDRESS}`, access: scoped('query', 200) }],
  'post /api/v1/queries': [{ at: '/api/v1/queries', json: QUERY, access: scoped('query', 200) }],
  'get /api/v1/saved-queries': [
    everybody('/api/v1/saved-queries'),
    { at: '/api/v1/saved-queries?show=mine', access: scoped('read', 200) },
  ],
  'get /api/v1/saved-queries/:id': [
    everybody('/api/v1/saved-queries/{public}'),
    {
      at: '/api/v1/saved-queries/{private}',
      access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
    },
  ],
  'get /api/v1/saved-queries/:id/run': [
    { at: '/api/v1/saved-queries/{public}/run', access: scoped('query', 200) },
    {
      // A token for queries alone does not show what its owner keeps.
      at: '/api/v1/saved-queries/{private}/run',
      access: { ...scoped('query', 200, 404), query: 404 },
    },
  ],
};
