import type { Scope } from '../../../common/store/accounts/api-tokens.ts';
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
  /** With `{private}`, `{public}`, `{privateMap}`, `{publicMap}`, `{session}`, `{token}` and `{user}` of the owner in it; annotators are open{user} and hidden{user}. */
  at: string;
  form?: Record<string, string>;
  json?: unknown;
  /** Of what comes with JSON; POST without. */
  method?: 'POST' | 'PATCH' | 'DELETE';
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
function scoped(scope: Scope, good: Answer, other: Answer = good): Access {
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

/** A page that only its owner sees, with a browser. */
const ofOwner = (at: string): Case => ({ at, access: page(404, 200, 404) });
/** A form that only the owner of a filter may send. */
const ownFilter = (end: string, form: Record<string, string>, good: Answer = 303): Case[] => [
  sent(`/filters/{hiddenFilter}${end}`, form, page(401, good, 404)),
  sent(`/filters/{openFilter}${end}`, form, page(401, good, 403)),
];

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
  'get /filters/': [open('/filters/')],
  'get /filters/create/': [{ at: '/filters/create/', access: page('login', 200) }],
  'get /filters/:id/': [open('/filters/{openFilter}/'), ofOwner('/filters/{hiddenFilter}/')],
  'get /filters/:id/settings/': [
    { at: '/filters/{hiddenFilter}/settings/', access: page('login', 200, 404) },
    { at: '/filters/{openFilter}/settings/', access: page('login', 200, 403) },
  ],
  'post /filters/:id/settings/': ownFilter('/settings/', { run: 'alerts', memory: 'every' }),
  'post /filters/:id/dry-run/': ownFilter('/dry-run/', { nights: '1' }),
  'post /filters/:id/switch/': ownFilter('/switch/', { to: 'off' }),
  'post /filters/:id/test/': ownFilter('/test/', {}, 200),
  // This site's Kafka has no accounts of readers.
  'post /filters/:id/kafka-login/': ownFilter('/kafka-login/', {}, 503),
  'post /filters/:id/backfills/': ownFilter('/backfills/', {
    from: '2026-11-01',
    to: '2026-11-02',
  }),
  'post /filters/:id/backfills/:backfill/end/': [
    sent('/filters/{hiddenFilter}/backfills/{hiddenRun}/end/', {}, page(401, 303, 404)),
    sent('/filters/{openFilter}/backfills/{openRun}/end/', {}, page(401, 303, 403)),
    // Another filter's run is none of this one's.
    sent('/filters/{hiddenFilter}/backfills/{openRun}/end/', {}, page(401, 404, 404)),
  ],
  'get /filters/:id/why/': [
    open(`/filters/{openFilter}/why/?object=${ZTF_ID}`),
    ofOwner(`/filters/{hiddenFilter}/why/?object=${ZTF_ID}`),
  ],
  'get /filters/:id/run/': [open('/filters/1/run/', 302)],
  'get /filters/:id/update/': [open('/filters/1/update/', 302)],
  'get /filters/:id/delete/': [open('/filters/1/delete/', 302)],
  'get /ledger/': [open('/ledger/'), open(`/ledger/?object=${ZTF_ID}`)],

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

  'get /watchlists/': [
    open('/watchlists/'),
    { at: '/watchlists/?show=mine', access: page('login', 200) },
  ],
  'get /watchlists/create/': [{ at: '/watchlists/create/', access: page('login', 200) }],
  'post /watchlists/create/': [
    sent('/watchlists/create/', { cones_textarea: '1,2,a' }, page(401, 303)),
  ],
  ...Object.fromEntries(
    ['', 'problems/'].map((end) => [
      `get /watchlists/previews/:draft/${end}`,
      [{ at: `/watchlists/previews/{draft}/${end}`, access: page('login', 200, 404) }],
    ]),
  ),
  'post /watchlists/previews/:draft/': [
    sent('/watchlists/previews/{draft}/', { cones_textarea: '1,2,a' }, page(401, 303, 404)),
  ],
  'post /watchlists/previews/:draft/save/': [
    sent('/watchlists/previews/{draft}/save/', { name: 'new', radius: '5' }, page(401, 303, 404)),
  ],
  ...Object.fromEntries(
    ['', 'progress/json/', 'hits.csv', 'cat/', 'votable/', 'sources/'].map((end) => [
      `get /watchlists/:id/${end}`,
      [
        { at: `/watchlists/{hiddenList}/${end}`, access: page(404, 200, 404) },
        open(`/watchlists/{openList}/${end}`),
      ],
    ]),
  ),
  'get /watchlists/:id/txt/,/watchlist/:id/txt/': [
    { at: '/watchlists/{hiddenList}/txt/', access: page(404, 200, 404) },
    open('/watchlist/{openList}/txt/'),
  ],
  ...Object.fromEntries(
    ['edit/', 'delete/'].map((end) => [
      `get /watchlists/:id/${end}`,
      [
        { at: `/watchlists/{hiddenList}/${end}`, access: page('login', 200, 404) },
        { at: `/watchlists/{openList}/${end}`, access: page('login', 200, 403) },
      ],
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['edit/', { name: 'new', radius: '6' }],
        ['switch/', { active: 'off' }],
        ['run/', {}],
        ['delete/', {}],
        ['sources/', { cones_textarea: '1,2,a' }],
        ['sources/remove/', { names: 'a' }],
      ] as [string, Record<string, string>][]
    ).map(([end, form]) => [
      `post /watchlists/:id/${end}`,
      [
        sent(`/watchlists/{hiddenList}/${end}`, form, page(401, 303, 404)),
        sent(`/watchlists/{openList}/${end}`, form, page(401, 303, 403)),
      ],
    ]),
  ),
  'post /watchlists/:id/copy/': [
    sent('/watchlists/{hiddenList}/copy/', {}, page(401, 303, 404)),
    sent('/watchlists/{openList}/copy/', {}, page(401, 303)),
  ],
  'get /watchlist/': [open('/watchlist/', 301)],
  'get /watchlist/:id/': [open('/watchlist/{hiddenList}/', 301)],
  'get /watchlists/:id/run/,/watchlists/:id/copy/,/watchlists/:id/switch/': [
    open('/watchlists/{hiddenList}/run/', 302),
  ],
  'get /api/v1/watchlists': [
    everybody('/api/v1/watchlists'),
    { at: '/api/v1/watchlists?show=mine', access: scoped('read', 200) },
  ],
  'post /api/v1/watchlists': [
    {
      at: '/api/v1/watchlists',
      json: { name: 'new', sources: '1,2,a' },
      access: scoped('write', 200),
    },
  ],
  ...Object.fromEntries(
    ['', '/sources', '/hits'].map((end) => [
      `get /api/v1/watchlists/:id${end}`,
      [
        everybody(`/api/v1/watchlists/{openList}${end}`),
        {
          at: `/api/v1/watchlists/{hiddenList}${end}`,
          access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['patch', '', { radius: 6 }],
        ['delete', '', {}],
        ['post', '/match', {}],
        ['post', '/sources', { sources: '1,2,b' }],
        ['post', '/sources/remove', { names: ['a'] }],
      ] as const
    ).map(([name, end, json]): [string, Case[]] => [
      `${name} /api/v1/watchlists/:id${end}`,
      [
        [`/api/v1/watchlists/{hiddenList}${end}`, 404] as const,
        [`/api/v1/watchlists/{openList}${end}`, 403] as const,
      ].map(([at, other]) => ({
        at,
        json,
        access: scoped('write', 200, other),
        ...(name !== 'post' && { method: name.toUpperCase() as 'PATCH' | 'DELETE' }),
      })),
    ]),
  ),
  'post /api/v1/watchlists/:id/copy': [
    { at: '/api/v1/watchlists/{hiddenList}/copy', json: {}, access: scoped('write', 200, 404) },
    { at: '/api/v1/watchlists/{openList}/copy', json: {}, access: scoped('write', 200) },
  ],

  'get /annotators/': [open('/annotators/')],
  'get /annotators/create/': [{ at: '/annotators/create/', access: page('login', 200) }],
  'post /annotators/create/': [sent('/annotators/create/', { topic: '' }, page(401, 400))],
  'get /annotators/:topic/': [
    { at: '/annotators/hidden{user}/', access: page(404, 200, 404) },
    open('/annotators/open{user}/'),
  ],
  'get /annotators/:topic/edit/': [
    { at: '/annotators/hidden{user}/edit/', access: page('login', 200, 404) },
    { at: '/annotators/open{user}/edit/', access: page('login', 200, 403) },
  ],
  'post /annotators/:topic/edit/': [
    sent('/annotators/hidden{user}/edit/', { description: '' }, page(401, 303, 404)),
    sent('/annotators/open{user}/edit/', { description: '' }, page(401, 303, 403)),
  ],
  'post /annotators/:topic/key/': [
    sent('/annotators/hidden{user}/key/', {}, page(401, 200, 404)),
    sent('/annotators/open{user}/key/', {}, page(401, 200, 403)),
  ],
  'get /annotators/:topic/delete/': [
    { at: '/annotators/hidden{user}/delete/', access: page('login', 200, 404) },
    { at: '/annotators/open{user}/delete/', access: page('login', 200, 403) },
  ],
  'post /annotators/:topic/delete/': [
    sent('/annotators/hidden{user}/delete/', { count: '0' }, page(401, 303, 404)),
    sent('/annotators/open{user}/delete/', { count: '0' }, page(401, 303, 403)),
  ],
  'get /object/:id/annotations/': [open(`/object/${ZTF_ID}/annotations/`)],
  ...Object.fromEntries(
    ['/ztf/api', '/lsst/api', '/api'].flatMap((prefix): [string, Case[]][] => [
      [
        `_all ${prefix}/annotate/`,
        [{ at: `${prefix}/annotate/`, form: { topic: '' }, access: scoped('annotate', 400) }],
      ],
      [
        `_all ${prefix}/annotatelist/`,
        [
          {
            at: `${prefix}/annotatelist/`,
            json: { annotations: [] },
            access: scoped('annotate', 200),
          },
        ],
      ],
    ]),
  ),
  'get /api/v1/annotations': [everybody('/api/v1/annotations?survey=ztf')],
  'post /api/v1/annotations': [
    { at: '/api/v1/annotations', json: { annotations: [] }, access: scoped('annotate', 200) },
  ],
  'get /api/v1/annotators': [
    everybody('/api/v1/annotators'),
    { at: '/api/v1/annotators?show=mine', access: scoped('read', 200) },
  ],
  'post /api/v1/annotators': [
    { at: '/api/v1/annotators', json: { topic: '1' }, access: scoped('write', 400) },
  ],
  'get /api/v1/annotators/:topic': [
    everybody('/api/v1/annotators/open{user}'),
    {
      at: '/api/v1/annotators/hidden{user}',
      access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
    },
  ],
  ...Object.fromEntries(
    (
      [
        ['patch', '', 'PATCH'],
        ['delete', '', 'DELETE'],
        ['post', '/key', undefined],
      ] as const
    ).map(([name, end, method]): [string, Case[]] => [
      `${name} /api/v1/annotators/:topic${end}`,
      [
        {
          at: `/api/v1/annotators/hidden{user}${end}`,
          json: {},
          access: scoped('write', 200, 404),
          ...(method && { method }),
        },
        {
          at: `/api/v1/annotators/open{user}${end}`,
          json: {},
          access: scoped('write', 200, 403),
          ...(method && { method }),
        },
      ],
    ]),
  ),
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
  'get /watchmaps/': [
    open('/watchmaps/'),
    { at: '/watchmaps/?show=mine', access: page('login', 200) },
  ],
  'get /watchmaps/create/': [{ at: '/watchmaps/create/', access: page('login', 200) }],
  'post /watchmaps/create/': [sent('/watchmaps/create/', { do: 'save' }, page(401, 400))],
  'get /watchmaps/:id/': [
    { at: '/watchmaps/{privateMap}/', access: page(404, 200, 404) },
    open('/watchmaps/{publicMap}/'),
  ],
  'get /watchmaps/:id/progress/json/': [
    { at: '/watchmaps/{privateMap}/progress/json/', access: page(404, 200, 404) },
    open('/watchmaps/{publicMap}/progress/json/'),
  ],
  'get /watchmaps/:id/hits.csv': [
    { at: '/watchmaps/{privateMap}/hits.csv', access: page(404, 200, 404) },
    open('/watchmaps/{publicMap}/hits.csv'),
  ],
  'get /watchmaps/:id/file/': [
    { at: '/watchmaps/{privateMap}/file/', access: page(404, 200, 404) },
    open('/watchmaps/{publicMap}/file/'),
  ],
  'get /watchmaps/:id/edit/': [
    { at: '/watchmaps/{privateMap}/edit/', access: page('login', 200, 404) },
    { at: '/watchmaps/{publicMap}/edit/', access: page('login', 200, 403) },
  ],
  'post /watchmaps/:id/edit/': [
    sent('/watchmaps/{privateMap}/edit/', { name: 'renamed' }, page(401, 303, 404)),
    sent('/watchmaps/{publicMap}/edit/', { name: 'renamed' }, page(401, 303, 403)),
  ],
  'post /watchmaps/:id/file/': [
    sent('/watchmaps/{privateMap}/file/', {}, page(401, 400, 404)),
    sent('/watchmaps/{publicMap}/file/', {}, page(401, 400, 403)),
  ],
  'post /watchmaps/:id/combine/': [
    sent(
      '/watchmaps/{privateMap}/combine/',
      { operation: 'union', other: '{publicMap}' },
      page(401, 400, 404),
    ),
    sent(
      '/watchmaps/{publicMap}/combine/',
      { operation: 'union', other: '{publicMap}' },
      page(401, 400, 403),
    ),
  ],
  'get /watchmaps/:id/draw/': [
    { at: '/watchmaps/{privateMap}/draw/', access: page('login', 200, 404) },
    { at: '/watchmaps/{publicMap}/draw/', access: page('login', 200, 403) },
  ],
  'post /watchmaps/:id/draw/': [
    sent('/watchmaps/{privateMap}/draw/', { do: 'preview' }, page(401, 200, 404)),
    sent('/watchmaps/{publicMap}/draw/', { do: 'preview' }, page(401, 200, 403)),
  ],
  'post /watchmaps/:id/switch/': [
    sent('/watchmaps/{privateMap}/switch/', { active: 'off' }, page(401, 303, 404)),
    sent('/watchmaps/{publicMap}/switch/', { active: 'off' }, page(401, 303, 403)),
  ],
  'post /watchmaps/:id/run/': [
    sent('/watchmaps/{privateMap}/run/', {}, page(401, 303, 404)),
    sent('/watchmaps/{publicMap}/run/', {}, page(401, 303, 403)),
  ],
  'post /watchmaps/:id/copy/': [
    sent('/watchmaps/{privateMap}/copy/', {}, page(401, 303, 404)),
    sent('/watchmaps/{publicMap}/copy/', {}, page(401, 303)),
  ],
  'get /watchmaps/:id/delete/': [
    { at: '/watchmaps/{privateMap}/delete/', access: page('login', 200, 404) },
    { at: '/watchmaps/{publicMap}/delete/', access: page('login', 200, 403) },
  ],
  'post /watchmaps/:id/delete/': [
    sent('/watchmaps/{privateMap}/delete/', {}, page(401, 303, 404)),
    sent('/watchmaps/{publicMap}/delete/', {}, page(401, 303, 403)),
  ],
  'get /watchmaps/:id/run/,/watchmaps/:id/copy/,/watchmaps/:id/switch/': [
    open('/watchmaps/{privateMap}/run/', 302),
  ],
  'get /api/v1/watchmaps': [
    everybody('/api/v1/watchmaps'),
    { at: '/api/v1/watchmaps?show=mine', access: scoped('read', 200) },
  ],
  'post /api/v1/watchmaps': [
    { at: '/api/v1/watchmaps', json: { name: 'drawn', moc: '5/1' }, access: scoped('write', 200) },
  ],
  'get /api/v1/watchmaps/:id': [
    everybody('/api/v1/watchmaps/{publicMap}'),
    {
      at: '/api/v1/watchmaps/{privateMap}',
      access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
    },
  ],
  'patch /api/v1/watchmaps/:id': [
    {
      at: '/api/v1/watchmaps/{privateMap}',
      method: 'PATCH',
      json: {},
      access: scoped('write', 200, 404),
    },
    {
      at: '/api/v1/watchmaps/{publicMap}',
      method: 'PATCH',
      json: {},
      access: scoped('write', 200, 403),
    },
  ],
  'delete /api/v1/watchmaps/:id': [
    {
      at: '/api/v1/watchmaps/{privateMap}',
      method: 'DELETE',
      json: {},
      access: scoped('write', 200, 404),
    },
    {
      at: '/api/v1/watchmaps/{publicMap}',
      method: 'DELETE',
      json: {},
      access: scoped('write', 200, 403),
    },
  ],
  'post /api/v1/watchmaps/:id/combine': [
    {
      at: '/api/v1/watchmaps/{privateMap}/combine',
      json: { operation: 'union', moc: '5/1' },
      access: scoped('write', 200, 404),
    },
    {
      at: '/api/v1/watchmaps/{publicMap}/combine',
      json: { operation: 'union', moc: '5/1' },
      access: scoped('write', 200, 403),
    },
  ],
  'post /api/v1/watchmaps/:id/copy': [
    { at: '/api/v1/watchmaps/{publicMap}/copy', json: {}, access: scoped('write', 200) },
  ],
  'get /api/v1/watchmaps/:id/moc': [
    everybody('/api/v1/watchmaps/{publicMap}/moc'),
    {
      at: '/api/v1/watchmaps/{privateMap}/moc',
      access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
    },
  ],
  'get /api/v1/watchmaps/:id/hits': [
    everybody('/api/v1/watchmaps/{publicMap}/hits'),
    {
      at: '/api/v1/watchmaps/{privateMap}/hits',
      access: { ...page(404, 200, 404), read: 200, ...BAD_TOKENS },
    },
  ],
  'get /api/': [everybody('/api/')],
  'get /api/v1/openapi.json': [everybody('/api/v1/openapi.json')],
  'get /api/v1/objects/:survey/:id': [everybody(`/api/v1/objects/ztf/${ZTF_ID}`)],
  'get /api/v1/objects/:survey/:id/period': [everybody(`/api/v1/objects/ztf/${ZTF_ID}/period`)],
  'get /api/v1/search': [everybody(`/api/v1/search?query=${ZTF_ID}`)],
  'get /api/v1/coverage': [everybody('/api/v1/coverage?survey=ztf&date1=today')],
  'get /api/v1/status': [everybody('/api/v1/status')],
  'get /api/v1/queries': [{ at: `/api/v1/queries?${IN_ADDRESS}`, access: scoped('query', 200) }],
  'post /api/v1/queries': [{ at: '/api/v1/queries', json: QUERY, access: scoped('query', 200) }],
  'get /api/v1/filters': [
    everybody('/api/v1/filters'),
    { at: '/api/v1/filters?show=mine', access: scoped('read', 200) },
  ],
  'post /api/v1/filters': [
    { at: '/api/v1/filters', json: { name: 'without its sql' }, access: scoped('write', 400) },
  ],
  'get /api/v1/filters/:id': [
    everybody('/api/v1/filters/{openFilter}'),
    {
      at: '/api/v1/filters/{hiddenFilter}',
      access: { ...api(404), owner: 200, read: 200 },
    },
  ],
  'get /api/v1/filters/:id/why': [
    everybody(`/api/v1/filters/{openFilter}/why?object=${ZTF_ID}`),
    {
      at: `/api/v1/filters/{hiddenFilter}/why?object=${ZTF_ID}`,
      access: { ...api(404), owner: 200, read: 200 },
    },
  ],
  'get /api/v1/filters/:id/backfills': [
    { at: '/api/v1/filters/{hiddenFilter}/backfills', access: scoped('read', 200, 404) },
    { at: '/api/v1/filters/{openFilter}/backfills', access: scoped('read', 200, 403) },
  ],
  ...Object.fromEntries(
    (
      [
        ['patch', '', '', { state: 'off' }],
        ['delete', '', '', {}],
        ['post', '/dry-run', '/dry-run', { nights: 1 }],
        ['post', '/test', '/test', {}],
        ['post', '/backfills', '/backfills', { from: '2026-11-01', to: '2026-11-02' }],
        ['delete', '/backfills/:backfill', '/backfills/{RUN}', {}],
      ] as const
    ).map(([name, route, end, json]): [string, Case[]] => [
      `${name} /api/v1/filters/:id${route}`,
      [['hidden', 404] as const, ['open', 403] as const].map(([which, other]) => ({
        at: `/api/v1/filters/{${which}Filter}${end.replace('RUN', `${which}Run`)}`,
        json,
        access: scoped('write', 200, other),
        ...(name !== 'post' && { method: name.toUpperCase() as 'PATCH' | 'DELETE' }),
      })),
    ]),
  ),
  'get /api/v1/ledger/:survey/objects/:object': [everybody(`/api/v1/ledger/ztf/objects/${ZTF_ID}`)],
  'get /api/v1/ledger/:survey/alerts/:alert': [everybody('/api/v1/ledger/ztf/alerts/1', 404)],
  'get /api/v1/saved-queries': [
    everybody('/api/v1/saved-queries'),
    { at: '/api/v1/saved-queries?show=mine', access: scoped('read', 200) },
  ],
  'get /filters/:id/live/': [
    open('/filters/{openFilter}/live/'),
    ofOwner('/filters/{hiddenFilter}/live/'),
    open('/filters/{public}/live/', 404),
  ],
  // Whoever has the key of the mails may, logged in or not; without it nobody, not even the owner.
  'get /filters/:id/unsubscribe/': [
    open('/filters/{openFilter}/unsubscribe/?key={mailKey}'),
    open('/filters/{hiddenFilter}/unsubscribe/?key={mailKey}', 404),
    open('/filters/{openFilter}/unsubscribe/', 404),
  ],
  'post /filters/:id/unsubscribe/': [
    sent('/filters/{openFilter}/unsubscribe/?key={mailKey}', {}, page(200, 200)),
    sent('/filters/{openFilter}/unsubscribe/?key=x', {}, page(404, 404)),
  ],
  'get /api/v1/filters/:id/unsubscribe': [
    everybody('/api/v1/filters/{openFilter}/unsubscribe?key={mailKey}', 302),
    everybody('/api/v1/filters/{openFilter}/unsubscribe?key=x', 404),
  ],
  'post /api/v1/filters/:id/unsubscribe': [
    sent('/api/v1/filters/{openFilter}/unsubscribe?key={mailKey}', {}, api(200)),
    sent('/api/v1/filters/{openFilter}/unsubscribe?key=x', {}, api(404)),
  ],
  'get /api/v1/filters/:id/matches': [
    everybody('/api/v1/filters/{openFilter}/matches'),
    {
      at: '/api/v1/filters/{hiddenFilter}/matches',
      access: { ...api(404), owner: 200, read: 200 },
    },
  ],
  'get /api/v1/filters/:id/matches/:seq.xml': [
    everybody('/api/v1/filters/{openFilter}/matches/1.xml'),
    {
      at: '/api/v1/filters/{hiddenFilter}/matches/1.xml',
      access: { ...api(404), owner: 200, read: 200 },
    },
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
