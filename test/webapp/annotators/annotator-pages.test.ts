import { expect } from 'chai';

import { takeAnnotations } from '../../../common/annotations/take-annotations.ts';
import { countAnnotations } from '../../../common/store/annotations/annotation-lists.ts';
import { useAnnotatorKey } from '../../../common/store/annotations/annotator-keys.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { LSST_ID, ZTF_ID } from '../seed.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { makeAnnotator } from './make-annotator.ts';

describe('pages of annotators', () => {
  let site: TestSite;
  let ann: LoggedIn;
  let ben: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    ann = await logIn(site, 'ann');
    ben = await logIn(site, 'ben');
    await makeAnnotator(site, ann.userId, 'open', { description: 'Finds <fast> things' });
    await makeAnnotator(site, ann.userId, 'closed', { isPublic: false });
  });
  after(() => site.stop());

  const say = (topic: string, change: object = {}, survey: 'ztf' | 'lsst' = 'ztf') =>
    takeAnnotations(
      site.db,
      { userId: ann.userId, name: 'ann' },
      [
        {
          survey,
          arrivedAtMs: 0,
          annotation: {
            ...{ topic, objectId: survey === 'ztf' ? ZTF_ID : LSST_ID, classification: 'SN Ia' },
            ...{ version: '1.0', explanation: 'as it is', classdict: '{}', url: '' },
            ...change,
          },
        },
      ],
      site.context.now(),
      { isWhole: true },
    );
  const text = async (answer: Promise<Response>) => (await answer).text();
  const visit = (path: string) => fetch(site.url + path);

  it('make an annotator and show its key once', async () => {
    const answer = await ann.post('/annotators/create/', {
      topic: 'newcomer',
      description: 'Is new',
      public: 'no',
      active: 'yes',
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    const page = await answer.text();
    const key = /id="new-key">([0-9a-f]{40})</.exec(page)?.[1] ?? '';
    expect(await useAnnotatorKey(site.db, key, site.context.now())).to.include({
      topic: 'newcomer',
    });
    expect(page).to.contain(`lasair_client("${key}"`);
    const later = await text(ann.get('/annotators/newcomer/'));
    expect(later).to.not.contain(key);
    expect(later).to.contain('private').and.to.contain('How to send');
    const renewed = await text(ann.post('/annotators/newcomer/key/'));
    const next = /id="new-key">([0-9a-f]{40})</.exec(renewed)?.[1];
    expect(next)
      .to.match(/^[0-9a-f]{40}$/)
      .and.not.equal(key);
    expect(await useAnnotatorKey(site.db, key, site.context.now())).to.equal(undefined);
  });

  it('say what is wrong with the form, with all that was written in it', async () => {
    for (const [topic, words] of [
      ['OPEN', 'already'],
      ['create', 'called “create”'],
      ['a b', 'begins with a letter'],
      ["x'><script>", 'begins with a letter'],
    ]) {
      const answer = await ann.post('/annotators/create/', { topic, description: 'kept <words>' });
      expect(answer.status, topic).to.equal(400);
      const page = await answer.text();
      expect(page).to.contain(words).and.to.contain('kept &lt;words&gt;');
      expect(page).to.not.contain('<script>');
    }
  });

  it('change settings of one’s own, and nobody else’s', async () => {
    const fields = { description: 'Finds <fast> things', public: 'yes', active: 'yes' };
    expect((await ben.post('/annotators/open/edit/', fields)).status).to.equal(403);
    expect((await ben.post('/annotators/closed/edit/', fields)).status).to.equal(404);
    expect((await ann.post('/annotators/open/edit/', { ...fields, active: '' })).status).to.equal(
      303,
    );
    expect(await text(visit('/annotators/open/'))).to.contain('not active');
    await ann.post('/annotators/open/edit/', fields);
    expect(await text(visit('/annotators/open/'))).to.not.contain('not active');
    expect(await text(visit('/annotators/open/'))).to.contain('Finds &lt;fast&gt; things');
  });

  it('show what was written, with nothing in it that could act', async () => {
    await say('open', {
      explanation: `<img src=x onerror=alert(1)> 🌟 "it's"`,
      classdict: JSON.stringify({
        prob: 0.93,
        'lsst-r': { peak: -19.5 },
        '<b>': '</dd><script>alert(1)</script>',
        list: [1, 2],
        none: null,
        ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i])),
      }),
      url: 'https://example.org/x?a=1&b="2"',
    });
    const page = await text(visit('/annotators/open/'));
    expect(page).to.not.match(/<img src=x|<script>alert/);
    expect(page).to.contain('href="https://example.org/x?a&#x3D;1&amp;b&#x3D;%222%22"');
    expect(page).to.contain('nofollow').and.to.contain('example.org</a>');
    expect(page).to.contain('<dt>prob</dt><dd class="num">0.93</dd>');
    expect(page).to.contain('<dt>lsst-r.peak</dt><dd class="num">-19.5</dd>');
    expect(page).to.contain('and 15 more');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'https://', '//evil.example']) {
      await say('open', { url, version: url });
      const shown = await text(visit('/annotators/open/'));
      expect(shown, url).to.not.contain(`href="${url}`);
    }
    expect(page).to.not.contain('How to send');
  });

  it('show each annotator’s newest word on an object’s page, and all on its history', async () => {
    await say('open', { classification: 'AGN' });
    await say('open', { classification: 'TDE' });
    await say('closed', { classification: 'hush' });
    await say('open', {}, 'lsst');
    for (const asker of [visit, (path: string) => ben.get(path)]) {
      const page = await text(asker(`/object/${ZTF_ID}/`));
      expect(page).to.contain('<strong>TDE</strong>');
      expect(page).to.not.contain('<strong>AGN</strong>').and.not.contain('hush');
      const history = await text(asker(`/object/${ZTF_ID}/annotations/`));
      expect(history).to.contain('<strong>AGN</strong>').and.contain('<strong>TDE</strong>');
      expect(history).to.not.contain('hush').and.not.contain('closed');
      expect(await text(asker(`/object/${ZTF_ID}/annotations/?topic=closed`))).to.not.contain(
        'hush',
      );
      expect((await asker('/annotators/closed/')).status).to.equal(404);
      expect(await text(asker('/annotators/'))).to.not.contain('closed');
      for (const path of [`/object/${ZTF_ID}/json/`, `/api/v1/objects/ztf/${ZTF_ID}`]) {
        const { annotations } = (await (await asker(path)).json()) as {
          annotations: { topic: string; classification: string; classdict: object }[];
        };
        expect(
          annotations.map(({ topic, classification, classdict }) => [
            topic,
            classification,
            classdict,
          ]),
        ).to.deep.equal([['open', 'TDE', {}]]);
      }
    }
    expect(await text(ann.get(`/object/${ZTF_ID}/`))).to.contain('<strong>hush</strong>');
    expect(await text(visit(`/object/${LSST_ID}/`))).to.contain('<strong>SN Ia</strong>');
    expect(await text(visit('/object/ZTF19aaaaaaa/annotations/'))).to.contain('Nothing that you');
    expect((await visit('/object/nothing/annotations/')).status).to.equal(404);
  });

  it('leaf through the annotations of a survey', async () => {
    await makeAnnotator(site, ann.userId, 'many');
    for (let i = 0; i < 120; i++) {
      const objectId = String(1_000 + i);
      await say('many', { objectId, classification: `class-${i}.` }, 'lsst');
    }
    expect(await text(visit('/annotators/many/'))).to.contain('choose a survey');
    const seen: string[] = [];
    let path: string | undefined = '/annotators/many/?survey=lsst';
    for (let pages = 0; path !== undefined && pages < 5; pages++) {
      const page: string = await text(visit(path));
      seen.push(...[...page.matchAll(/<strong>(class-\d+)\./g)].map((match) => match[1]));
      path = /href="([^"]*before[^"]*)"/
        .exec(page)?.[1]
        .replaceAll('&amp;', '&')
        .replaceAll('&#x3D;', '=');
    }
    expect(seen).to.deep.equal(Array.from({ length: 120 }, (_, i) => `class-${119 - i}`));
    expect(await text(visit('/annotators/many/?survey=ztf'))).to.contain('Nothing yet');
    expect((await visit('/annotators/many/?survey=x')).status).to.equal(400);
  });

  it('delete only what was confirmed', async () => {
    await makeAnnotator(site, ann.userId, 'leaving');
    await say('leaving');
    await say('leaving', { version: '2' });
    const page = await text(ann.get('/annotators/leaving/delete/'));
    expect(page).to.contain('all <strong>2</strong> annotations');
    await say('leaving', { version: '3' });
    for (const count of ['', '2', 'x']) {
      const refused = await ann.post('/annotators/leaving/delete/', { count });
      expect(refused.status).to.equal(409);
    }
    expect(await countAnnotations(site.db, 'leaving')).to.equal(3);
    expect((await ben.post('/annotators/leaving/delete/', { count: '3' })).status).to.equal(403);
    expect((await ann.post('/annotators/leaving/delete/', { count: '3' })).status).to.equal(303);
    expect(await countAnnotations(site.db, 'leaving')).to.equal(0);
    expect((await ann.get('/annotators/leaving/')).status).to.equal(404);
  });

  it('fit a phone, and break no rule of the site', async function () {
    const browser = await openBrowser();
    if (browser === undefined) {
      process.stderr.write('skipped, no Chromium: pages of annotators\n');
      this.skip();
    }
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
      });
      const [name, value] = ann.cookie.split('=');
      await page.context().addCookies([{ name, value, url: site.url }]);
      for (const path of [
        '/annotators/',
        '/annotators/create/',
        '/annotators/open/',
        '/annotators/open/edit/',
        '/annotators/open/delete/',
        `/object/${ZTF_ID}/`,
        `/object/${ZTF_ID}/annotations/`,
      ]) {
        await page.goto(site.url + path);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect(width, path).to.be.at.most(390);
      }
      expect(complaints).to.deep.equal([]);
    } finally {
      await browser.close();
    }
  });
});
