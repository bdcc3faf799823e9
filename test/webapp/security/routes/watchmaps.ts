import { BAD_TOKENS, everybody, open, page, scoped, sent } from '../access.ts';
import type { Case } from '../access.ts';

export const WATCHMAP_ROUTES: Record<string, Case[]> = {
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
};
