import { BAD_TOKENS, everybody, open, page, scoped, sent } from '../access.ts';
import type { Case } from '../access.ts';

export const WATCHLIST_ROUTES: Record<string, Case[]> = {
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
};
