import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { writeFitsImage } from '../../../common/fits/write-image.ts';
import { deleteOldDrafts } from '../../../common/store/lists/watchlist-drafts.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { testFolder } from '../../servers.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { SETTINGS, sendForm } from './multipart.ts';

const TEXT = `# hosts
194.494, 48.851, NGC 4868
52.8381, -28.2776, <b>bold</b>, 10
nonsense
10, 95, too far north
52.8381, -28.2776, <b>bold</b>, 10

12:57:58.6, +48:51:04, sexagesimal`;

describe('previews of watchlists', function () {
  this.timeout(60_000);
  let site: TestSite;
  let ada: LoggedIn;
  let bob: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    [ada, bob] = await Promise.all([logIn(site, 'ada'), logIn(site, 'bob')]);
  });
  after(() => site?.stop());
  beforeEach(async () => {
    for (const table of [
      'watchlists',
      'watchlist_cones',
      'watchlist_drafts',
      'watchlist_draft_parts',
    ])
      await site.db.execute(`DELETE FROM glint.${table}`);
  });

  const create = (
    fields: Record<string, string>,
    content?: Uint8Array<ArrayBuffer> | string,
    name = 'list.dat',
  ) =>
    sendForm(
      `${site.url}/watchlists/create/`,
      ada,
      { ...SETTINGS, cones_textarea: '', ...fields },
      content === undefined ? {} : { cones_file: { name, content } },
    );
  const pasted = async (text: string, settings = {}) => {
    const answer = await create({ cones_textarea: text, ...settings });
    expect(answer.status).to.equal(303);
    return answer.headers.get('location') ?? '';
  };
  const uploaded = async (content: Uint8Array<ArrayBuffer> | string, name?: string) => {
    const answer = await create({}, content, name);
    expect(answer.status).to.equal(303);
    const at = answer.headers.get('location') ?? '';
    return { at, page: await (await ada.get(at)).text() };
  };
  const counted = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/<dt>([a-z ]+)<\/dt><dd>(\d+)<\/dd>/g)].map(([, name, n]) => [
        name,
        Number(n),
      ]),
    );
  const rows = (sql: string) => site.db.arrays(sql);

  it('shows every bad line with its reason, sums to all lines, and saves nothing', async () => {
    const at = await pasted(TEXT);
    const answer = await ada.get(at);
    const page = await answer.text();
    expect(answer.status).to.equal(200);
    const { 'lines in all': total, ...parts } = counted(page);
    expect(parts).to.deep.equal({
      sources: 3,
      'bad lines': 2,
      'repeats left out': 1,
      comments: 1,
      header: 0,
      empty: 1,
    });
    expect(Object.values(parts).reduce((a, b) => a + b)).to.equal(total);
    expect(page).to.contain('declination of 95 is not on the sky').and.to.contain('nonsense');
    expect(page).to.contain('&lt;b&gt;bold').and.not.to.contain('<b>bold');
    expect(page).to.contain('Save the 3 good ones, without the 2 bad lines');
    expect(await rows('SELECT wl_id FROM glint.watchlists')).to.deep.equal([]);
    const csv = await (await ada.get(`${at}problems/`)).text();
    expect(
      csv
        .trimEnd()
        .split('\r\n')
        .map((line) => line.split(',')[0]),
    ).to.deep.equal(['line', '4', '5']);
  });

  it('keeps what was written through corrections, and saves what was looked at', async () => {
    const at = await pasted(TEXT, { description: 'of mine', radius: '7.5' });
    const page = await (await ada.get(at)).text();
    expect(page)
      .to.contain('of mine')
      .and.to.contain('value="7.5"')
      .and.to.contain('12:57:58.6, +48:51:04');
    const corrected = TEXT.replace('nonsense', '10, 20, sense');
    // Save is pressed with another text in the form: it is looked at first.
    const again = await sendForm(`${site.url}${at}save/`, ada, {
      ...SETTINGS,
      radius: '7.5',
      cones_textarea: corrected.replaceAll('\n', '\r\n'),
    });
    const next = again.headers.get('location') ?? '';
    expect(next)
      .to.match(/^\/watchlists\/previews\/\d+\/$/)
      .and.not.to.equal(at);
    expect(counted(await (await ada.get(next)).text())).to.include({ sources: 4, 'bad lines': 1 });
    const saved = await sendForm(`${site.url}${next}save/`, ada, {
      ...SETTINGS,
      radius: '7.5',
      cones_textarea: corrected.replaceAll('\n', '\r\n'),
    });
    expect(saved.headers.get('location')).to.match(/^\/watchlists\/\d+\/$/);
    const names = await rows('SELECT name, radius FROM glint.watchlist_cones ORDER BY cone_id');
    expect(names).to.deep.equal([
      ['NGC 4868', null],
      ['<b>bold</b>', 10],
      ['sense', null],
      ['sexagesimal', null],
    ]);
    // Once more, as a second click does.
    const twice = await sendForm(`${site.url}${next}save/`, ada, SETTINGS);
    expect(twice.status).to.equal(404);
    expect(await rows('SELECT COUNT(*) FROM glint.watchlists')).to.deep.equal([['1']]);
  });

  it('goes back with all that was written when the name is taken or missing', async () => {
    await sendForm(`${site.url}${await pasted('1,2,a')}save/`, ada, SETTINGS);
    const at = await pasted('3,4,b');
    const taken = await sendForm(`${site.url}${at}save/`, ada, {
      ...SETTINGS,
      description: 'long text',
    });
    expect(taken.status).to.equal(400);
    const page = await taken.text();
    expect(page)
      .to.contain('choose another name')
      .and.to.contain('long text')
      .and.to.contain('3,4,b');
    const nameless = await ada.get(await pasted('3,4,b', { name: '' }));
    expect(await nameless.text()).to.contain('Give the watchlist a name');
  });

  it('is its sender’s alone, ends with the fifth after it, and after a day', async () => {
    const at = await pasted('1,2,a');
    expect((await bob.get(at)).status).to.equal(404);
    expect((await bob.post(`${at}save/`, SETTINGS)).status).to.equal(404);
    expect((await fetch(site.url + at, { redirect: 'manual' })).status).to.equal(302);
    for (let i = 0; i < 5; i++) await pasted(`${i},2,a`);
    expect((await ada.get(at)).status).to.equal(404);
    const now = site.context.now();
    expect(await deleteOldDrafts(site.db, now)).to.equal(0);
    expect(await deleteOldDrafts(site.db, new Date(now.getTime() + 1))).to.equal(5);
    expect(await rows('SELECT * FROM glint.watchlist_draft_parts')).to.deep.equal([]);
  });

  it('keeps an uploaded file for the second step, in pieces, byte for byte', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `${(i * 0.006).toFixed(4)},${(i % 179) - 89},é${i}`,
    );
    const { at, page } = await uploaded(gzipSync(lines.join('\n')), 'l.csv.gz');
    expect(page).to.contain('l.csv.gz').and.to.contain('60\u202f000');
    const plain = await uploaded(lines.join('\n'), '../../etc/<i>passwd');
    expect(plain.page).to.contain('&lt;i&gt;').and.not.to.contain('<i>');
    expect(
      Number((await rows('SELECT MAX(part) FROM glint.watchlist_draft_parts'))[0][0]),
    ).to.equal(1);
    expect((await sendForm(`${site.url}${at}save/`, ada, SETTINGS)).status).to.equal(303);
    const [[count, last]] = await rows(
      "SELECT COUNT(*), MAX(name = 'é59999') FROM glint.watchlist_cones",
    );
    expect([Number(count), Number(last)]).to.deep.equal([60_000, 1]);
  });

  it('reads a VOTable, and no entity of it', async () => {
    const table = (head: string, name: string) =>
      `<?xml version="1.0"?>${head}<VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="ra" datatype="double"/><FIELD name="dec" datatype="double"/><FIELD name="name" datatype="char" arraysize="*"/><DATA><TABLEDATA><TR><TD>10</TD><TD>20</TD><TD>${name}</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
    const good = await uploaded(table('', 'A &amp; B'));
    expect(good.page).to.contain('VOTable').and.to.contain('A &amp; B');
    for (const entity of ['SYSTEM "file:///etc/passwd"', '"boom"']) {
      const evil = await uploaded(table(`<!DOCTYPE VOTABLE [<!ENTITY x ${entity}>]>`, '&x;'));
      expect(evil.page).not.to.contain('root:').and.not.to.contain('boom');
    }
  });

  it('takes VOTables and FITS tables as astropy writes them, from the form to the list', async function () {
    const python = pythonOrSkip(this);
    const folder = join(testFolder(), 'sent-tables');
    mkdirSync(folder, { recursive: true });
    await runPython(
      python,
      `import sys
from astropy.table import Table
import astropy.units as u
table = Table({'RAJ2000': [10.125, 359.9999999] * u.deg, 'DEJ2000': [-20.5, 89.999] * u.deg,
  'Name': ['=first', 'Größe 2'], 'radius': [1.5, 0.25] * u.arcmin})
table.write(sys.argv[1] + '/binary.vot', format='votable', tabledata_format='binary2', overwrite=True)
table.write(sys.argv[1] + '/text.vot', format='votable', tabledata_format='tabledata', overwrite=True)
table['Name'] = ['=first', 'second']
table.write(sys.argv[1] + '/table.fits', overwrite=True)
print('null')`,
      [folder],
    );
    for (const [name, format, second] of [
      ['binary.vot', 'VOTable', 'Größe 2'],
      ['text.vot', 'VOTable', 'Größe 2'],
      ['table.fits', 'FITS table', 'second'],
    ]) {
      const { at, page } = await uploaded(new Uint8Array(readFileSync(join(folder, name))), name);
      expect(page, name).to.contain(format).and.to.contain(name).and.to.contain(second);
      expect(counted(page)).to.include({ sources: 2, 'bad lines': 0 });
      const saved = await sendForm(`${site.url}${at}save/`, ada, { ...SETTINGS, name });
      expect(saved.headers.get('location'), name).to.match(/^\/watchlists\/\d+\/$/);
      const stored = await rows(
        `SELECT c.ra, c.decl, c.name, c.radius FROM glint.watchlist_cones c
         JOIN glint.watchlists w ON w.wl_id = c.wl_id WHERE w.name = '${name}' ORDER BY cone_id`,
      );
      expect(stored, name).to.deep.equal([
        [10.125, -20.5, '=first', 90],
        [359.9999999, 89.999, second, 15],
      ]);
    }
  });

  const fits = writeFitsImage(new Float32Array(16), 4, 4) as Uint8Array<ArrayBuffer>;
  const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20, '1,2\n')) as Uint8Array<ArrayBuffer>;
  for (const [what, content] of [
    ['a FITS file that is an image', fits],
    ['a cut FITS file', fits.subarray(0, 100)],
    ['gzip that unpacks to too much', bomb],
    [
      'gzip that is cut',
      gzipSync('1,2,a\n'.repeat(100)).subarray(0, 20) as Uint8Array<ArrayBuffer>,
    ],
    ['bytes of no kind', new Uint8Array([0, 1, 2, 3, 255, 254])],
    ['an archive', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0])],
    ['a million lines and one', '\n'.repeat(1_000_001)],
    [
      'more sources than a list has',
      '1,2\n'.repeat(0) + Array.from({ length: 100_001 }, (_, i) => `${i / 1000},2`).join('\n'),
    ],
    ['as many repeats', '1,2,a\n'.repeat(400_000)],
    ['XML that is no VOTable', '<?xml version="1.0"?><html/>'],
  ] as const) {
    it(`refuses ${what} on the page that takes another`, async () => {
      const { at, page } = await uploaded(content);
      expect(page)
        .to.match(/role="alert"/)
        .and.to.contain('Send another file instead');
      expect(page).not.to.contain('class="btn btn-primary" type="submit">Save');
      expect((await sendForm(`${site.url}${at}save/`, ada, SETTINGS)).status).to.equal(400);
      expect(await rows('SELECT wl_id FROM glint.watchlists')).to.deep.equal([]);
    });
  }

  it('tells of a huge line and of letters that cannot be shown as of bad lines', async () => {
    const { page } = await uploaded(
      `1,2,fine\n3,4,${'x'.repeat(3_000_000)}\n5,6,\u202Eevil\n7,8,be\u0007ll`,
    );
    expect(counted(page)).to.include({ sources: 1, 'bad lines': 3 });
    expect(page.length).to.be.lessThan(4_000_000);
  });

  it('refuses what is too large, of several kinds, and what is no form', async () => {
    const large = await create({}, new Uint8Array(33 * 2 ** 20));
    expect(large.status).to.equal(400);
    expect(await large.text()).to.contain('larger than 32 MB');
    const long = await create({ cones_textarea: '1,2,a\n'.repeat(2_200_000) });
    expect(long.status).to.equal(400);
    expect(await long.text()).to.contain('longer than 12 MB');
    const headers = { cookie: ada.cookie, origin: site.url };
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\nx',
      ],
      [
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx',
      ],
      ['multipart/form-data; boundary=b', 'no part at all'],
    ]) {
      const answer = await fetch(`${site.url}/watchlists/create/`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      });
      expect(answer.status, body).to.be.oneOf([400, 403]);
    }
    expect((await ada.get('/watchlists/')).status).to.equal(200);
  });

  it('says what is missing, and reads no file of a visitor', async () => {
    const nothing = await create({});
    expect(nothing.status).to.equal(400);
    expect(await nothing.text()).to.contain('Paste a list of sources, or choose a file');
    const visitor = { cookie: '', csrfToken: '' };
    const answer = await sendForm(
      `${site.url}/watchlists/create/`,
      visitor,
      {},
      {
        cones_file: { name: 'a', content: new Uint8Array(2 ** 20) },
      },
    );
    expect(answer.status).to.equal(401);
    const forged = await sendForm(
      `${site.url}/watchlists/create/`,
      { ...ada, csrfToken: 'x' },
      SETTINGS,
    );
    expect(forged.status).to.equal(403);
  });

  it('takes a form without a file part from programs of before, too', async () => {
    const answer = await ada.post('/watchlists/create/', { ...SETTINGS, cones_textarea: '1,2,a' });
    expect(answer.headers.get('location')).to.match(/previews/);
  });
});
