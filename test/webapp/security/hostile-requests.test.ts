import { request } from 'node:http';

import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { randoms } from '../seed-rows.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { credentialsOf, makeWorld } from './actors.ts';
import type { Credentials, World } from './actors.ts';
import { ROUTE_ACCESS } from './route-access.ts';

const REQUESTS = 1_000;
const SEED = 20261121;

const MARKUP = '<img src=x onerror=alert(1)>';
/** What no answer may hold: names of views, tables and accounts of ours, codes of the server, stacks. */
const LEAKS =
  /_views\b|\bglint_(?:sandbox|planner|owner|public)|\bER_[A-Z]{3}|node_modules|\bat \S+ \(\/|\.ts:\d+|SqlError|errno|Prepared|You have an error in your SQL/;

const WORDS = [
  ...['', ' ', '0', '-1', '1', '2', '3.5', '1e309', '-0', 'NaN', 'Infinity', 'null', 'undefined'],
  ...['9223372036854775808', '99999999999999999999999', '4294967296', '2147483648', '0x10', '1e3'],
  ...['true', '[]', '{}', '[object Object]', '__proto__', 'constructor', 'prototype', 'toString'],
  ...[MARKUP, `"${MARKUP}`, `'${MARKUP}`, `</textarea>${MARKUP}`, `</script>${MARKUP}`],
  ...[`javascript:alert(1)`, '//evil.example', '/\\evil.example', 'https://evil.example/', '/.//x'],
  ...[
    "'",
    '"',
    '`',
    '\\',
    "' OR 1=1 -- ",
    "'; DROP TABLE glint.users; --",
    '/*!50000 1*/',
    '%',
    '_',
  ],
  ...[
    '\u0000',
    'a\u0000b',
    '\r\nSet-Cookie: x=y',
    '\n',
    '\u202e',
    '\ud800',
    '💫',
    'ﬀ',
    'é'.repeat(300),
  ],
  ...['../../etc/passwd', '..%2f..%2f', '{{this}}', '${7*7}', '<!--', ']]>', '&amp;', '=1+1', '@x'],
  ...[
    'a'.repeat(5_000),
    'SELECT '.repeat(400),
    '('.repeat(2_000),
    '2026-13-45',
    '20261121',
    'today',
  ],
  ...['ztf', 'lsst', 'boxes', 'statement', 'csv', 'votable', 'parquet', 'desc', 'sky', 'scatter'],
  'SELECT * FROM objects',
  `SELECT objectId AS "${MARKUP}", '${MARKUP}' AS content FROM objects`,
  `SELECT '${MARKUP}' AS description, 'javascript:alert(1)' AS url, '=1+1' AS cell FROM objects`,
  'SELECT ramean, decmean, gmag FROM objects',
  'SELECT glint_owner FROM ztf_views.watchlists',
  'SELECT password_hash FROM glint.users',
  'SELECT SLEEP(10)',
  'SELECT objectId FROM objects WHERE gmag < :constructor AND ncand > :x',
  'SELECT (SELECT objectId FROM candidates) FROM objects',
  "SELECT JSON_EXTRACT('x', '$[') FROM objects",
  "SELECT objectId FROM objects WHERE objectId REGEXP '(('",
  'SELECT POW(10, 400), EXP(1000), 1/0, CAST(-1 AS UNSIGNED), 9223372036854775807 + 1 FROM objects',
  'SELECT objectId FROM objects UNION SELECT candid FROM candidates ORDER BY 3',
  'objectId',
  'objects, watchlist:1',
  'objects,area:1&2',
  'objects, crossmatch_tns, annotator:x',
  'ncand > 0 ORDER BY 1',
];
const NAMES = [
  ...['sql', 'survey', 'mode', 'selected', 'tables', 'conditions', 'page', 'sort', 'direction'],
  ...['view', 'x', 'y', 'edit', 'pick', 'switch', 'format', 'limit', 'offset', 'cursor', 'next'],
  ...['key', 'find', 'show', 'done', 'name', 'description', 'note', 'level', 'version', 'current'],
  ...['from', 'to', 'login', 'email', 'password', 'newPassword', 'scopes', 'expires', 'change'],
  ...['role', 'username', 'f.x', 'f.constructor', 'f.__proto__', 'label.x', 'label.__proto__'],
  ...['unit.constructor', '__proto__', 'constructor', 'a[b]', 'a[__proto__][x]', '_csrf', 'fields'],
  ...['query', 'date1', 'date2', 'job', 'sqlquery', 'json', 'hdu', '', MARKUP],
];

describe('hostile requests', function () {
  this.timeout(300_000);
  let site: TestSite;
  let web: WebServer;
  let world: World;
  const faults: string[] = [];

  before(async () => {
    site = await startSeededSite();
    const log = {
      ...silentLog,
      error: (message: string, { err }: Record<string, unknown> = {}) => {
        faults.push(`${message}\n${err instanceof Error ? err.stack : ''}`);
      },
    };
    web = await startWeb({ ...site.context, log });
  });
  after(async () => {
    await web?.stop();
    await site?.stop();
  });
  beforeEach(async () => {
    faults.splice(0);
    world = await makeWorld(site);
  });

  const random = randoms(SEED);
  const any = <Item>(items: readonly Item[]): Item => items[Math.floor(items.length * random())];
  const chance = (share: number) => random() < share;

  /** Fields of a request: those that belong there, some with other values, and some of others. */
  function fieldsFrom(given: [string, string][]): [string, string][] {
    const fields = given.map(([name, value]): [string, string] => [
      name,
      chance(0.4) ? any(WORDS) : value,
    ]);
    while (chance(0.6)) fields.push([any(NAMES), any(WORDS)]);
    if (chance(0.2) && fields.length > 0) fields.push([any(fields)[0], any(WORDS)]);
    return fields;
  }

  function hostileRequest(by: Credentials, token: string) {
    const { at, form, json } = any(any(Object.values(ROUTE_ACCESS)));
    const [path, query = ''] = at
      .replace(/\{(\w+)\}/g, (_, name: string) =>
        chance(0.2)
          ? encodeURIComponent(any(WORDS).replace(/\ud800/g, ''))
          : String(world.names[name]),
      )
      .split('?');
    const search = new URLSearchParams(fieldsFrom([...new URLSearchParams(query)])).toString();
    const url = `${path}${search === '' ? '' : `?${search}`}`.slice(0, 12_000);
    const headers: Record<string, string> = { ...by.headers, origin: web.url };
    if (/api\//.test(path) && chance(0.8)) headers.authorization = `Token ${token}`;
    if (form === undefined && json === undefined && chance(0.8)) return { url, init: { headers } };
    const given = Object.entries(form ?? (json as Record<string, string> | undefined) ?? {});
    const fields = fieldsFrom(given);
    if (json !== undefined && chance(0.7)) {
      headers['content-type'] = 'application/json';
      const value = () =>
        any<unknown>([any(WORDS), 1e308, -1, null, true, [], {}, ['x'], { a: 1 }]);
      const body = Object.fromEntries(
        fields.map(([name, text]) => [name, chance(0.3) ? value() : text]),
      );
      return { url, init: { method: 'POST', headers, body: JSON.stringify(body) } };
    }
    const body = new URLSearchParams(fields);
    if (chance(0.95)) body.set('_csrf', by.csrfToken);
    return { url, init: { method: 'POST', headers, body } };
  }

  it(`are answered without a fault, a leak or markup of theirs, ${REQUESTS} of them`, async () => {
    const actors = ['visitor', 'owner', 'other', 'staff'] as const;
    for (let i = 0; i < REQUESTS; i += 50) {
      await site.db.execute('DELETE FROM glint.attempts');
      if (i % 500 === 0) world = await makeWorld(site);
      const people = await Promise.all(actors.map((actor) => credentialsOf(site, actor, world)));
      const requests = Array.from({ length: 50 }, () =>
        hostileRequest(any(people), world.owner.token),
      );
      // One after the other, so that a fault can be told from the next.
      for (const { url, init } of requests) {
        const what = `${init.method ?? 'GET'} ${url} ${String(init.body ?? '')}`.slice(0, 1_500);
        const answer = await fetch(web.url + url, { redirect: 'manual', ...init });
        const text = await answer.text();
        expect(faults, what).to.deep.equal([]);
        expect(answer.status, what).to.not.equal(500);
        // What was sent may come back, as text.
        const own = decodeURIComponent(
          what
            .replace(/%(?![\da-f]{2})/gi, '%25')
            .replace(/\+/g, ' ')
            .replace(/%(?=[89a-f])[\da-f]{2}/gi, '?'),
        );
        // The profile tells notebooks where the views are.
        const leak = url.startsWith('/profile/') ? undefined : LEAKS.exec(text)?.[0];
        if (leak !== undefined && !own.includes(leak))
          expect.fail(`${leak} in the answer to ${what}`);
        const type = answer.headers.get('content-type') ?? '';
        if (type.startsWith('text/html')) expect(text.includes(MARKUP), what).to.equal(false);
        const location = answer.headers.get('location');
        if (location !== null) expect(location, what).to.match(/^\/(?![/\\])/);
      }
    }
  });

  /** A request to the letter, which `fetch` would not send. */
  function raw(
    path: string,
    { method = 'POST', headers = {}, body }: RawRequest = {},
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(web.url);
      const sent = request({ hostname, port, path, method, headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('that no browser sends are refused with a sentence', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = {
      'content-type': 'application/json',
      authorization: `Token ${world.owner.token}`,
    };
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const cases: [path: string, request: RawRequest, statuses: number[]][] = [
      ['/query/', { headers: form, body: 'sql='.padEnd(2 << 20, 'x') }, [413]],
      ['/query/', { headers: form, body: 'a=1&'.repeat(5_000) }, [413]],
      ['/query/', { headers: form, body: Buffer.from('sql=\xff\xfe%ff%fe', 'latin1') }, [303, 400]],
      ['/query/', { headers: form, body: 'sql=%' }, [303, 400]],
      ['/query/', { headers: { 'content-type': 'text/plain' }, body: 'sql=1' }, [303, 400]],
      [
        '/query/',
        { headers: { ...form, 'content-type': `${form['content-type']}; charset=x` }, body: 'a=b' },
        [415],
      ],
      ['/query/', { headers: { ...form, 'content-encoding': 'gzip' }, body: 'not gzip' }, [400]],
      ['/query/', {}, [303, 200]],
      ['/query/check', { headers: form, body: 'sql=a&sql=b&survey=x&survey=ztf' }, [200]],
      ['/api/v1/queries', { headers: json, body: deep }, [400]],
      ['/api/v1/queries', { headers: json, body: '' }, [400]],
      ['/api/v1/queries', { headers: json, body: 'null' }, [400]],
      ['/api/v1/queries', { headers: json, body: '[]' }, [400]],
      ['/api/v1/queries', { headers: json, body: '{"sql":"x"' }, [400]],
      ['/api/v1/queries', { headers: json, body: '{"survey":"ztf","sql":{"a":1}}' }, [400]],
      [
        '/api/v1/queries',
        { headers: json, body: '{"__proto__":{"sql":"x"},"survey":"ztf"}' },
        [400],
      ],
      [
        '/api/v1/queries',
        { headers: { ...json, 'content-type': 'text/xml' }, body: '<a/>' },
        [400],
      ],
      ['/ztf/api/query/', { headers: json, body: '[1]' }, [400]],
      ['/ztf/api/query/', { headers: json, body: '{"limit":1e309}' }, [400]],
      [
        '/ztf/api/query/',
        {
          headers: json,
          body: '{"selected":"objectId","tables":"objects","conditions":"","offset":9223372036854775808}',
        },
        [400],
      ],
      [
        '/ztf/api/query/',
        {
          headers: json,
          body: '{"selected":"objectId","tables":"objects","conditions":"","limit":-1}',
        },
        [400],
      ],
      ['/api/auth-token/', { headers: json, body: '{"username":["a"],"password":{"b":1}}' }, [400]],
      ['/login/', { headers: form, body: 'login=a&login=b&password=x' }, [403]],
      ['/queries/%E0%A4%A/', { method: 'GET' }, [400]],
      ['/queries/%00/', { method: 'GET' }, [404]],
      ['/queries/1e3/', { method: 'GET' }, [404]],
      ['/queries/../../etc/passwd', { method: 'GET' }, [404]],
      ['/assets/../../package.json', { method: 'GET' }, [404]],
      ['/stamp/ztf/..%2f..%2f/science.jpg', { method: 'GET' }, [404]],
      ['//evil.example/%2f..', { method: 'GET' }, [404]],
      ['/query/?page=-1&sort=99999999&view=%00', { method: 'GET' }, [200]],
      [`/query/?sql=${'x'.repeat(15_000)}`, { method: 'GET' }, [400]],
      [`/query/?sql=${'x'.repeat(30_000)}`, { method: 'GET' }, [431]],
      ['/query/', { method: 'PUT', headers: form, body: 'sql=1' }, [404]],
      ['/queries/1/', { method: 'DELETE' }, [403, 404]],
      ['/profile/', { method: 'TRACE' }, [403, 404]],
    ];
    for (const [path, asked, statuses] of cases) {
      const { status, text } = await raw(path, asked);
      expect(
        statuses,
        `${path.slice(0, 80)} ${String(asked.body).slice(0, 60)}: ${text.slice(0, 300)}`,
      ).to.include(status);
      expect(text).to.not.match(LEAKS);
      expect(faults).to.deep.equal([]);
    }
    expect(({} as Record<string, unknown>).sql).to.equal(undefined);
  });

  it('cannot put a page number or a cursor beyond what there is', async () => {
    const headers = { authorization: `Token ${world.owner.token}` };
    const sql = 'SELECT candid FROM candidates ORDER BY candid';
    const ask = (more: Record<string, string>) =>
      fetch(
        `${web.url}/api/v1/queries?${new URLSearchParams({ survey: 'ztf', sql, limit: '2', ...more }).toString()}`,
        { headers },
      );
    const first = (await (await ask({})).json()) as { cursor: string };
    const [version, , hash] = JSON.parse(Buffer.from(first.cursor, 'base64url').toString()) as [
      number,
      number,
      string,
    ];
    const cursor = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const far = (await (
      await ask({ cursor: cursor([version, Number.MAX_SAFE_INTEGER, hash]) })
    ).json()) as { rows: unknown[] };
    expect(far.rows).to.deep.equal([]);
    for (const content of [
      [version, -1, hash],
      [version, 2 ** 63, hash],
      [version, 1.5, hash],
      [version, '1; DROP', hash],
      [version, 2, 'x'.repeat(hash.length)],
      { length: 3 },
      null,
    ]) {
      expect((await ask({ cursor: cursor(content) })).status).to.equal(400);
    }
    const page = await fetch(
      `${web.url}/query/?${new URLSearchParams({ survey: 'ztf', sql, page: '9999999' }).toString()}`,
    );
    expect(page.status).to.equal(200);
    expect(faults).to.deep.equal([]);
  });
});

interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}
