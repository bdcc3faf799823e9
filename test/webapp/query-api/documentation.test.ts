import { expect } from 'chai';

import { pythonOrSkip, runPython } from '../../python.ts';
import { logIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { seedMany } from './seed-many.ts';

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

describe('the examples of the API’s page', () => {
  let site: TestSite;
  let page: string;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
    page = await (await fetch(`${site.url}/api/`)).text();
  });
  after(() => site.stop());

  /** The programs of a section, as somebody would copy them. */
  const programsOf = (id: string, token: string): string => {
    const section = page.slice(page.indexOf(`id="${id}"`)).split('</section>')[0];
    return [...section.matchAll(/<pre[^>]*><code>([\s\S]*?)<\/code><\/pre>/g)]
      .map(([, code]) => code)
      .join('\n')
      .replaceAll('<span data-origin></span>', site.url)
      .replaceAll('YOUR-TOKEN', token)
      .replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
  };

  it('run as they stand', async function () {
    const python = pythonOrSkip(this);
    const { token } = await logIn(site, 'ann');
    await site.db.execute('UPDATE ztf.objects SET gmag = 15 WHERE ncand < 2500 AND ncand > 0');
    const pages = await runPython(
      python,
      `${programsOf('python', token)}\nimport json\nprint(json.dumps([len(rows), len({name for name, _ in rows}), str(table['ra'].unit), str(table['diaObjectId'].dtype)]))`,
    );
    const [[bright]] = await site.db.arrays('SELECT COUNT(*) FROM ztf.objects WHERE gmag < 16');
    expect(pages).to.deep.equal([Number(bright), Number(bright), 'deg', 'int64']);
    expect(Number(bright)).to.be.above(2_000);
    const client = await runPython(
      python,
      `${programsOf('lasair', token)}\nimport json\nprint(json.dumps([len(rows), sorted(rows[0])]))`,
    );
    expect(client).to.deep.equal([10, ['gmag', 'jdmax', 'objectId']]);
  });
});
