import { ZTF_ID } from '../../seed.ts';
import { api, everybody, ofOwner, open, ownFilter, page, scoped, sent } from '../access.ts';
import type { Case } from '../access.ts';

export const FILTER_ROUTES: Record<string, Case[]> = {
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
};
