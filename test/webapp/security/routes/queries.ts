import { BAD_TOKENS, everybody, open, page, scoped, sent } from '../access.ts';
import type { Case } from '../access.ts';

const SQL = 'SELECT objectId FROM objects LIMIT 1';
const QUERY = { survey: 'ztf', sql: SQL };
const IN_ADDRESS = new URLSearchParams(QUERY).toString();
const BOXES = { selected: 'objectId', tables: 'objects', conditions: '' };
const BOXES_IN_ADDRESS = new URLSearchParams(BOXES).toString();
const EDIT = { ...QUERY, name: 'another name', description: '', version: '1' };

export const QUERY_ROUTES: Record<string, Case[]> = {
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
