import { expect } from 'chai';

import { REQUESTS_PER_HOUR } from '../../../common/store/accounts/request-limits.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { GMAG, LARGEST_ID, seedMany, ztfName } from './seed-many.ts';

/** Runs queries with the official client as it comes from the Python Package Index. */
const PROGRAM = `
import importlib.metadata, json, sys
import lasair
client = lasair.lasair_client(sys.argv[2], endpoint=sys.argv[1])
answers = []
for query in json.loads(sys.argv[3]):
    try:
        rows = client.query(**query)
        answers.append({'rows': [{key: [type(value).__name__, str(value)] for key, value in row.items()} for row in rows]})
    except lasair.LasairError as err:
        answers.append({'error': err.message})
print(json.dumps({'version': importlib.metadata.version('lasair'), 'answers': answers}))`;

interface ClientAnswer {
  rows?: Record<string, [type: string, text: string]>[];
  error?: string;
}

describe('the official Python client of Lasair', () => {
  let site: TestSite;
  let ann: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
    ann = await logIn(site, 'ann');
  });
  after(() => site.stop());

  const run = async (
    test: Mocha.Context,
    survey: string,
    queries: Record<string, unknown>[],
    token = ann.token,
  ) => {
    const python = pythonOrSkip(test);
    const args = [`${site.url}/${survey}/api`, token, JSON.stringify(queries)];
    const { version, answers } = (await runPython(python, PROGRAM, args)) as {
      version: string;
      answers: ClientAnswer[];
    };
    expect(version).to.equal('0.1.4');
    return answers;
  };

  it('queries ZTF, unchanged', async function () {
    const [rows, second, empty] = await run(this, 'ztf', [
      {
        selected: 'objectId, ramean, gmag, ncand',
        tables: 'objects',
        conditions: 'ncand < 3 ORDER BY objectId DESC',
      },
      {
        selected: 'objects.objectId',
        tables: 'objects',
        conditions: 'objects.ncand < 3 ORDER BY objects.objectId',
        limit: 1,
        offset: 1,
      },
      { selected: '*', tables: 'objects', conditions: 'ncand < -1' },
    ]);
    expect(rows.rows?.map((row) => row.objectId[1])).to.deep.equal([2, 1, 0].map(ztfName));
    expect(rows.rows?.[0]).to.deep.equal({
      objectId: ['str', ztfName(2)],
      ramean: ['float', '10.002'],
      gmag: ['float', String(GMAG)],
      ncand: ['int', '2'],
    });
    expect(rows.rows?.[2].gmag).to.deep.equal(['NoneType', 'None']);
    expect(second.rows).to.deep.equal([{ objectId: ['str', ztfName(1)] }]);
    expect(empty.rows).to.deep.equal([]);
  });

  it('queries Rubin, with ids of 64 bits as whole numbers', async function () {
    const [{ rows }] = await run(this, 'lsst', [
      {
        selected: 'diaObjectId, decl, r_psfFlux',
        tables: 'objects',
        conditions: 'nDiaSources >= 100000 ORDER BY nDiaSources',
      },
    ]);
    expect(rows?.map((row) => row.diaObjectId)).to.deep.equal([
      ['int', '170055002004914266'],
      ['int', '9007199254740993'],
      ['int', LARGEST_ID],
    ]);
    expect(rows?.map((row) => row.r_psfFlux[0])).to.deep.equal(['float', 'NoneType', 'float']);
    expect(rows?.[0].decl).to.deep.equal(['float', '-10.000000000000002']);
  });

  it('shows what is wrong with a query, with the place marked', async function () {
    const [{ error }, blank] = await run(this, 'lsst', [
      { selected: 'diaObjectId, rmagg', tables: 'objects', conditions: '' },
      { selected: '', tables: 'objects', conditions: '' },
    ]);
    expect(error)
      .to.match(/^Bad Request:/)
      .and.contain('no column rmagg in objects');
    const [text, carets] = /"(diaObjectId.*)",\n +"( *\^+)"/.exec(error ?? '')?.slice(1) ?? [];
    expect(text.slice(carets.indexOf('^'), carets.length)).to.equal('rmagg');
    expect(blank.error).to.contain('"selected"');
  });

  it('learns that a token is wrong, and that it has asked too much', async function () {
    const query = [{ selected: 'objectId', tables: 'objects', conditions: 'ncand < 2' }];
    expect(await run(this, 'ztf', query, '0'.repeat(40))).to.deep.equal([
      { error: 'Unauthorized' },
    ]);
    const eve = await logIn(site, 'eve');
    const minute = Math.floor(site.context.now().getTime() / 60_000);
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, :requests)',
      {
        userId: eve.userId,
        slot: minute % 64,
        minute,
        requests: REQUESTS_PER_HOUR.user - 1,
      },
    );
    const [allowed, refused] = await run(this, 'ztf', [...query, ...query], eve.token);
    expect(allowed.rows).to.have.length(2);
    expect(refused.error).to.contain('Request limit exceeded');
  });
});
