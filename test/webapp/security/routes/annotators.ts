import { ZTF_ID } from '../../seed.ts';
import { BAD_TOKENS, everybody, open, page, scoped, sent } from '../access.ts';
import type { Case } from '../access.ts';

export const ANNOTATOR_ROUTES: Record<string, Case[]> = {
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
};
