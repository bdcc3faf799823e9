import { expect } from 'chai';
import type { Browser } from 'playwright-core';

import { endOutput } from '../../../common/store/filter-outputs.ts';
import { setLevel } from '../../../common/store/save-query.ts';
import { PRIVATE } from '../../../common/store/saved-queries.ts';
import { startWeb } from '../../../webapp/server.ts';
import {
  addFilter,
  addMatches,
  objectName,
  outputOf,
  until,
} from '../../post_ingest/delivery/delivery-world.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const MAIL = { mail: { every: 'day' as const, gapMinutes: 60 } };

describe('matches of a filter, live', function () {
  this.timeout(60_000);
  let site: TestSite;
  let owner: LoggedIn;
  let other: LoggedIn;
  let privateId: number;
  let publicId: number;

  before(async () => {
    site = await startSeededSite();
    owner = await logIn(site, 'vera');
    other = await logIn(site, 'cecilia');
    privateId = await addFilter(site.db, owner.userId, { name: 'private one', outputs: MAIL });
    publicId = await addFilter(site.db, owner.userId, {
      name: 'public <b>one</b>',
      isPublic: true,
      outputs: {},
    });
    await addMatches(site.db, privateId, 3);
    await addMatches(site.db, publicId, 5);
  });
  after(() => site?.stop());

  const at = (id: number, rest = '') => `${site.url}/api/v1/filters/${id}/matches${rest}`;

  /** Reads events until there are so many, then goes away. */
  async function readEvents(
    url: string,
    count: number,
    headers: Record<string, string> = {},
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<{ id: string; data: { seq: number; object: string } }[]> {
    const ended = new AbortController();
    const answer = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: ended.signal,
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.match(/^text\/event-stream/);
    const events: { id: string; data: { seq: number; object: string } }[] = [];
    let text = '';
    await meanwhile();
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const id = /^id: (.*)$/m.exec(part)?.[1];
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (id !== undefined && data !== undefined) {
          events.push({ id, data: JSON.parse(data) as { seq: number; object: string } });
        }
      }
      if (events.length >= count) break;
    }
    ended.abort();
    return events;
  }

  it('are listed in order, page by page', async () => {
    const first = (await (await fetch(at(publicId, '?limit=3'))).json()) as {
      matches: { seq: number; object: string; links: { object: string } }[];
      next: number;
      hasMore: boolean;
    };
    expect(first.matches.map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
    expect(first).to.include({ next: 3, hasMore: true });
    expect(first.matches[0].links.object).to.match(/\/object\/ZTF26aaaaaaa\/$/);
    const rest = (await (await fetch(at(publicId, `?after=${first.next}`))).json()) as typeof first;
    expect(rest.matches.map(({ seq }) => seq)).to.deep.equal([4, 5]);
    expect(rest).to.include({ next: 5, hasMore: false });
  });

  it('of private filters are told to their owner alone', async () => {
    expect((await fetch(at(privateId))).status).to.equal(404);
    const token = (who: LoggedIn) => ({ authorization: `Token ${who.token}` });
    expect((await fetch(at(privateId), { headers: token(other) })).status).to.equal(404);
    expect((await fetch(at(privateId), { headers: token(owner) })).status).to.equal(200);
    const events = { ...token(other), accept: 'text/event-stream' };
    expect((await fetch(at(privateId), { headers: events })).status).to.equal(404);
    expect((await other.get(`/filters/${privateId}/live/`)).status).to.equal(404);
    expect((await owner.get(`/filters/${privateId}/live/`)).status).to.equal(200);
  });

  it('end for others as soon as the filter is private or gone', async () => {
    const queryId = await addFilter(site.db, owner.userId, { isPublic: true, outputs: {} });
    const listen = async (headers: Record<string, string> = {}) => {
      const answer = await fetch(at(queryId), {
        headers: { accept: 'text/event-stream', ...headers },
      });
      return { text: answer.text() };
    };
    const [visitor, stranger, own] = [
      await listen(),
      await listen({ authorization: `Token ${other.token}` }),
      await listen({ authorization: `Token ${owner.token}` }),
    ];
    await setLevel(site.db, { userId: owner.userId, role: 'user' }, queryId, PRIVATE);
    await addMatches(site.db, queryId, 2);
    for (const { text } of [visitor, stranger]) expect(await text).to.not.include('event: match');
    const headers = { authorization: `Token ${owner.token}` };
    expect(await readEvents(at(queryId, '?after=0'), 2, headers)).to.have.length(2);
    await owner.post(`/queries/${queryId}/delete/`);
    await own.text;
  });

  it('go on after Last-Event-ID, without a gap or a repeat', async () => {
    const one = await readEvents(at(publicId, '?after=0'), 2);
    expect(one.slice(0, 2).map(({ id }) => id)).to.deep.equal(['1', '2']);
    const two = await readEvents(at(publicId, '?after=0'), 3, { 'last-event-id': '2' });
    expect(two.map(({ id }) => id)).to.deep.equal(['3', '4', '5']);
  });

  it('come as they are written, in every process of the site', async () => {
    const web = await startWeb({ ...site.context, config: { ...site.context.config, webPort: 0 } });
    try {
      const more = (i: number) => ({ objectId: objectName(50 + i), cause: `a${50 + i}` });
      const urls = [at(publicId), `${web.url}/api/v1/filters/${publicId}/matches`];
      let started = 0;
      const write = async () => {
        started += 1;
        if (started === 2) await addMatches(site.db, publicId, 2, more);
      };
      const both = await Promise.all(urls.map((url) => readEvents(url, 2, {}, write)));
      for (const events of both) {
        expect(events.map(({ data }) => data.object)).to.deep.equal([50, 51].map(objectName));
      }
    } finally {
      await web.stop();
    }
  });

  it('are refused to whoever has too many connections, until some end', async () => {
    const open: AbortController[] = [];
    const answers: number[] = [];
    for (let i = 0; i < 21; i++) {
      const ended = new AbortController();
      open.push(ended);
      const { status } = await fetch(at(publicId), {
        headers: { accept: 'text/event-stream' },
        signal: ended.signal,
      });
      answers.push(status);
    }
    expect(answers.slice(0, 20)).to.deep.equal(new Array(20).fill(200));
    expect(answers[20]).to.equal(429);
    for (const each of open) each.abort();
    await until(async () => (await readEvents(at(publicId, '?after=0'), 1)).length > 0);
  });

  it('are valid VOEvents too', async () => {
    const answer = await fetch(at(publicId, '/1.xml'));
    expect(answer.headers.get('content-type')).to.match(/^application\/xml/);
    const xml = await answer.text();
    expect(xml).to.include('role="observation"').and.to.include('public &lt;b&gt;one&lt;/b&gt;');
    expect((await fetch(at(publicId, '/99.xml'))).status).to.equal(404);
    expect((await fetch(at(privateId, '/1.xml'))).status).to.equal(404);
  });

  it('are ended as mails by the key in the link, with one click and by the page', async () => {
    const { secret } = await outputOf(site.db, privateId, 'mail');
    const api = `${site.url}/api/v1/filters/${privateId}/unsubscribe?key=`;
    expect((await fetch(`${api}wrong`, { method: 'POST' })).status).to.equal(404);
    const opened = await fetch(api + secret, { redirect: 'manual' });
    expect(opened.status).to.equal(302);
    expect((await outputOf(site.db, privateId, 'mail')).active).to.equal(1);
    const page = await fetch(api + secret);
    expect(await page.text()).to.include('End the mails');
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(api + secret, { method: 'POST', body })).status).to.equal(200);
    expect((await outputOf(site.db, privateId, 'mail')).active).to.equal(0);
    await endOutput(site.db, privateId, 'mail');
  });

  describe('in a browser', () => {
    let browser: Browser;
    before(async function () {
      const opened = await openBrowser();
      if (opened === undefined) {
        process.stderr.write('skipped, no Chromium: the live page\n');
        this.skip();
      }
      browser = opened;
    });
    after(() => browser?.close());

    it('stand on the page, and new ones come on top without a reload', async () => {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (err) => problems.push(String(err)));
      await page.goto(`${site.url}/filters/${publicId}/live/`);
      await page.waitForSelector('.live-state.is-open');
      const rows = await page.locator('.live-table tbody tr').count();
      await addMatches(site.db, publicId, 1, () => ({
        objectId: objectName(99),
        cause: 'a99',
        record: { objectId: objectName(99), remark: '<img src=x onerror=alert(1)>' },
      }));
      await page.waitForSelector(`tr:has-text("${objectName(99)}")`);
      expect(await page.locator('.live-table tbody tr').count()).to.equal(rows + 1);
      const first = await page.locator('.live-table tbody tr').first().innerText();
      expect(first).to.include(objectName(99)).and.to.include('<img');
      expect(problems).to.deep.equal([]);
      await page.close();
    });

    it('stand on the page without scripts', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`${site.url}/filters/${publicId}/live/`);
      expect(await page.locator('.live-table tbody tr').count()).to.be.greaterThan(4);
      await context.close();
    });
  });
});
