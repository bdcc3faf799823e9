import { expect } from 'chai';

import type { FilterMemory, Triggers } from '../../../common/filters/filter.ts';
import { packVerdicts } from '../../../common/filters/verdicts.ts';
import { silentLog } from '../../../common/log.ts';
import { insertAnnotator } from '../../../common/store/annotations/annotators.ts';
import { addVerdicts } from '../../../common/store/batches.ts';
import { saveOutput } from '../../../common/store/filter-outputs.ts';
import { setLevel } from '../../../common/store/save-query.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { smallZtfPacket } from '../../ingest/surveys/ztf/small-packet.ts';
import { outputOf, until } from '../../post_ingest/delivery/delivery-world.ts';
import { startWebhookReceiver } from '../../post_ingest/delivery/webhook-receiver.ts';
import type { WebhookReceiver } from '../../post_ingest/delivery/webhook-receiver.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId, openFilterStand } from '../../post_ingest/filters/stand.ts';
import type { FilterStand } from '../../post_ingest/filters/stand.ts';
import { ensureEditor } from '../editor-bundle.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';

const OBJECT = objectId(1);
const JD = 2_461_365.5;
const LIST_NAME = 'my secret stars';
const ON_ANNOTATIONS: Triggers = { onAlerts: false, onAnnotations: true };

interface Verdict {
  filter: number;
  outcome: string;
  batch: string | null;
  failed: { condition: string; held: boolean | null; values: { name: string; value: unknown }[] }[];
  open: string[];
}
interface Answer {
  alerts: {
    alert: string;
    arrival: { topic: string; partition: number; offset: string | null; batch: string };
    verdicts: Verdict[];
    matches: { filter: number; id: string; deliveries: { channel: string; place: string }[] }[];
  }[];
  otherMatches: { filter: number; kind: string; alert: string | null }[];
  annotationRuns: { annotators: string[]; verdicts: Verdict[] }[];
}
interface Run {
  run: string;
  cause: string;
  alerts: string[];
  annotators: string[];
  outcome: string;
}
interface Why {
  passesNow: boolean;
  conditions: {
    text: string;
    now: { held?: boolean | null; values: { name: string; value: unknown }[] };
    then: { held?: boolean | null; values: { name: string; value: unknown }[] } | null;
  }[];
  ran: Run | null;
  runs: Run[];
  earlier: { version: number; conditions: { text: string }[] } | null;
}

describe('the ledger of alerts that filters ran on', function () {
  this.timeout(120_000);
  let stand: FilterStand;
  let web: WebServer;
  let receiver: WebhookReceiver;
  let kay: LoggedIn;
  let lee: LoggedIn;
  /** By what becomes of the second alert. */
  let filters: Record<
    'passed' | 'screened' | 'refused' | 'remembered' | 'listed' | 'annotated' | 'unmoved',
    number
  >;

  const alert = async (candid: bigint, magpsf: number, jd: number) => {
    const ingest = openFeed(stand.context, 'ztf', []);
    const candidate = { candid, jd, magpsf, sigmapsf: 0.1, fid: 1 };
    await ingest.push([smallZtfPacket({ objectId: OBJECT, candid, candidate })]);
    await ingest.finish();
    await stand.settle();
  };

  before(async () => {
    ensureEditor();
    stand = await openFilterStand();
    receiver = await startWebhookReceiver();
    const config = { ...stand.context.config, webPort: 0, webhookPrivate: true };
    const context = { ...stand.context, config, log: silentLog };
    web = await startWeb(context);
    kay = await logIn({ url: web.url, context }, 'kay2');
    lee = await logIn({ url: web.url, context }, 'lee');
    const annotator = { description: '', isActive: true, isPublic: true };
    await stand.db.transaction((tx) =>
      insertAnnotator(tx, kay.userId, 'oracle', annotator, context.now()),
    );
    // A list of kay's own that the object is not in.
    await insertRows(stand.db, 'glint', 'watchlists', [
      {
        wl_id: 1,
        name: LIST_NAME,
        description: '',
        public: false,
        user_id: kay.userId,
        active: true,
      },
    ]);
    const make = (where: string, memory?: FilterMemory, triggers?: Triggers) =>
      stand.filter(`SELECT objects.objectId, ncand FROM ${where}`, {
        ownerId: kay.userId,
        ...(memory && { memory }),
        ...(triggers && { triggers }),
      });
    filters = {
      passed: await make('objects WHERE ncand >= 1'),
      screened: await make('objects WHERE ncand > 5 AND ncand < 1000'),
      refused: await make(
        "objects, sherlock_classifications WHERE objects.objectId = sherlock_classifications.objectId AND ncand >= 1 AND sherlock_classifications.classification = 'SN'",
      ),
      remembered: await make('objects WHERE ncand >= 1', { kind: 'once' }),
      listed: await make('objects, watchlist:1 WHERE ncand >= 1'),
      annotated: await make(
        "objects, annotator:oracle WHERE oracle.classification = 'SN'",
        { kind: 'every' },
        ON_ANNOTATIONS,
      ),
      unmoved: await make(
        "objects, annotator:oracle WHERE oracle.classification = 'SN' AND (ncand > 50 OR gmag < 3)",
        { kind: 'every' },
        ON_ANNOTATIONS,
      ),
    };
    const webhook = { url: receiver.url, body: 'json' } as const;
    await saveOutput(stand.db, filters.passed, 'webhook', webhook);
    await alert(101n, 18.5, JD);
    await alert(102n, 18.1, JD + 1);
    const delivery = await startDelivery(context);
    await until(async () => (await outputOf(stand.db, filters.passed, 'webhook')).nextSeq === 3);
    await delivery.stop();
  });
  after(async () => {
    await web?.stop();
    await receiver?.stop();
    await stand?.close();
  });

  const api = async <Shape>(path: string, { token }: LoggedIn = kay): Promise<Shape> => {
    const answer = await fetch(`${web.url}/api/v1${path}`, {
      headers: { authorization: `Token ${token}` },
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    return (await answer.json()) as Shape;
  };
  const pageOf = async (path: string, by = kay) => (await by.get(path)).text();
  const annotate = async (...annotations: object[]) => {
    const answer = await fetch(`${web.url}/api/v1/annotations`, {
      method: 'POST',
      headers: { authorization: `Token ${kay.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ annotations }),
    });
    expect(answer.status, await answer.text()).to.equal(200);
    await stand.settle();
  };
  const ofAlert = (candid: string) => api<Answer>(`/ledger/ztf/alerts/${candid}`);
  const outcomes = (verdicts: Verdict[]) =>
    Object.fromEntries(verdicts.map(({ filter, outcome }) => [filter, outcome]));

  it('says what each filter decided, why, and what was sent where', async () => {
    const [{ arrival, verdicts, matches }] = (await ofAlert('102')).alerts;
    expect(arrival).to.include({ topic: 'direct:ztf', offset: null });
    expect(outcomes(verdicts)).to.deep.equal({
      [filters.passed]: 'passed',
      [filters.screened]: 'screened',
      [filters.refused]: 'refused',
      [filters.remembered]: 'remembered',
      [filters.listed]: 'screened',
    });
    const failed = (filter: number) => verdicts.find((each) => each.filter === filter)?.failed;
    expect(failed(filters.passed)).to.deep.equal([]);
    expect(failed(filters.remembered)).to.deep.equal([]);
    expect(failed(filters.screened)).to.deep.equal([
      { condition: 'ncand > 5', held: false, values: [{ name: 'ncand', value: 2 }] },
    ]);
    expect(failed(filters.refused)).to.deep.equal([]);
    expect(verdicts.find(({ filter }) => filter === filters.refused)?.open).to.deep.equal([
      'there is a row in sherlock_classifications for the object',
      "sherlock_classifications.classification = 'SN'",
    ]);
    expect(failed(filters.listed)).to.deep.equal([
      { condition: 'the object is in watchlist 1', held: false, values: [] },
    ]);
    expect(matches.map(({ filter, id }) => [filter, id])).to.deep.equal([
      [filters.passed, `${filters.passed}/${OBJECT}/a102`],
    ]);
    expect(matches[0].deliveries).to.have.length(1);
    expect(matches[0].deliveries[0]).to.include({ channel: 'webhook' });
    expect(receiver.calls.map(({ headers }) => headers['glint-id'])).to.deep.equal(
      [101, 102].map((candid) => `${filters.passed}/${OBJECT}/a${candid}`),
    );
    expect(outcomes((await ofAlert('101')).alerts[0].verdicts)).to.include({
      [filters.remembered]: 'passed',
    });

    const page = await pageOf('/ledger/?survey=ztf&alert=102');
    for (const words of [
      'it passed</span>',
      'its own columns or lists ruled it out',
      'it did not pass</span>',
      'it passed, and was told of before',
      '<code>ncand &gt; 5</code> but <code>ncand</code> = 2',
      'one of these did not hold',
      'direct:ztf',
      'webhook',
    ]) {
      expect(page, words).to.include(words);
    }
  });

  it('lists the alerts of an object, the newest first', async () => {
    const { alerts } = await api<Answer>(`/ledger/ztf/objects/${OBJECT}`);
    expect(alerts.map((each) => each.alert)).to.deep.equal(['102', '101']);
    expect(alerts[0].verdicts).to.have.length(5);
    const page = await pageOf(`/ledger/?object=${OBJECT}`);
    expect(page.indexOf('id="a102"')).to.be.lessThan(page.indexOf('id="a101"'));
    // What each alert was refused for, with the value of then.
    for (const [i, ncand] of [2, 1].entries()) {
      const verdict = alerts[i].verdicts.find(({ filter }) => filter === filters.screened);
      expect(verdict?.failed[0].values).to.deep.equal([{ name: 'ncand', value: ncand }]);
      expect(page).to.include(`<code>ncand &gt; 5</code> but <code>ncand</code> = ${ncand}`);
    }
  });

  it('tells others of public filters alone, and nothing of webhooks', async () => {
    const mine = () => api<Answer>('/ledger/ztf/alerts/102', lee);
    expect((await mine()).alerts[0]).to.deep.include({ verdicts: [], matches: [] });
    await setLevel(stand.db, { userId: kay.userId, role: 'user' }, filters.passed, 1);
    const [{ verdicts, matches }] = (await mine()).alerts;
    expect(outcomes(verdicts)).to.deep.equal({ [filters.passed]: 'passed' });
    expect(matches[0].deliveries).to.deep.equal([]);
    const page = await pageOf('/ledger/?survey=ztf&alert=102', lee);
    expect(page).not.to.include(receiver.url).and.not.include('ruled it out');
    await setLevel(stand.db, { userId: kay.userId, role: 'user' }, filters.passed, 0);
  });

  it('tells of runs that annotations caused', async () => {
    const annotation = { topic: 'oracle', objectId: OBJECT, classification: 'SN', version: '1' };
    await annotate({ ...annotation, explanation: '', classdict: {}, url: '' });
    const { annotationRuns, otherMatches } = await api<Answer>(`/ledger/ztf/objects/${OBJECT}`);
    expect(annotationRuns).to.have.length(1);
    const [run] = annotationRuns;
    expect(run.annotators).to.deep.equal(['oracle']);
    expect(outcomes(run.verdicts)).to.deep.equal({
      [filters.annotated]: 'passed',
      [filters.unmoved]: 'screened',
    });
    const unmoved = run.verdicts.find(({ filter }) => filter === filters.unmoved);
    expect(unmoved?.failed).to.have.length(1);
    expect(unmoved?.failed[0].condition).to.equal('(ncand > 50 OR gmag < 3)');
    expect(unmoved?.failed[0].values.map(({ name }) => name)).to.deep.equal([
      'objects.ncand',
      'objects.gmag',
    ]);
    expect(otherMatches).to.have.length(1);
    // It names the newest alert that the object had.
    expect(otherMatches[0]).to.include({
      filter: filters.annotated,
      kind: 'annotation',
      alert: '102',
    });
    const page = await pageOf(`/ledger/?object=${OBJECT}`);
    expect(page).to.include('Filters after annotations').and.include('Matches after annotations');
    expect(page).to.include(
      '<code>(ncand &gt; 50 OR gmag &lt; 3)</code> but <code>objects.ncand</code> = 2',
    );
    expect(page).to.include(
      `/filters/${filters.unmoved}/why/?object=${OBJECT}&amp;run=${run.verdicts[0].batch}`,
    );
    expect((await api<Answer>(`/ledger/ztf/objects/${OBJECT}`, lee)).annotationRuns).to.deep.equal(
      [],
    );
  });

  it('shows why of a run that an annotation caused', async () => {
    const why = await api<Why>(`/filters/${filters.unmoved}/why?object=${OBJECT}`);
    expect(why.ran).to.deep.include({ cause: 'annotation', annotators: ['oracle'], alerts: [] });
    expect(why.ran?.outcome).to.equal('screened');
    const [, , , ncand] = why.conditions;
    expect(ncand.text).to.equal('ncand > 50');
    expect(ncand.then).to.deep.equal({
      held: false,
      values: [{ name: 'objects.ncand', value: 2 }],
    });
    // The annotator’s column is not kept; of a filter that passed it is known to have held.
    const passed = await api<Why>(`/filters/${filters.annotated}/why?object=${OBJECT}`);
    expect(passed.conditions.map(({ then }) => then?.held)).to.deep.equal(
      passed.conditions.map(() => true),
    );
    const page = await pageOf(`/filters/${filters.unmoved}/why/?object=${OBJECT}`);
    expect(page).to.include('an annotation of oracle').and.not.include('Other runs');
  });

  it('shows why with the values of then, after the object has changed', async () => {
    await stand.db.execute("UPDATE glint.filters SET state = 'off' WHERE mq_id = :id", {
      id: filters.screened,
    });
    await alert(103n, 17.9, JD + 2);
    const why = await api<Why>(`/filters/${filters.screened}/why?object=${OBJECT}`);
    expect(why.passesNow).to.equal(false);
    expect(why.ran).to.deep.include({ cause: 'alert', alerts: ['102'], outcome: 'screened' });
    const [condition] = why.conditions;
    expect(condition.text).to.equal('ncand > 5');
    expect(condition.now.held).to.equal(false);
    expect(condition.then?.held).to.equal(false);
    expect(condition.now.values[0]).to.include({ name: 'ncand', value: 3 });
    expect(condition.then?.values[0]).to.include({ name: 'ncand', value: 2 });
    const page = await pageOf(`/filters/${filters.screened}/why/?object=${OBJECT}`);
    expect(page).to.include('<code>ncand</code> = 3').and.include('<code>ncand</code> = 2');
    const passed = await api<Why>(`/filters/${filters.passed}/why?object=${OBJECT}`);
    expect(passed.ran).to.deep.include({ alerts: ['103'], outcome: 'passed' });
  });

  it('lets the run be chosen that is asked about', async () => {
    const path = `/filters/${filters.screened}/why?object=${OBJECT}`;
    const { runs } = await api<Why>(path);
    expect(runs.map(({ alerts }) => alerts)).to.deep.equal([['102'], ['101']]);
    const first = await api<Why>(`${path}&run=${runs[1].run}`);
    expect(first.ran?.alerts).to.deep.equal(['101']);
    expect(first.conditions[0].then?.values[0]).to.include({ name: 'ncand', value: 1 });
    const page = await pageOf(path.replace('why?', 'why/?'));
    expect(page).to.include('Other runs: 2 are known').and.include(`&amp;run=${runs[1].run}"`);
    const chosen = await pageOf(`${path.replace('why?', 'why/?')}&run=${runs[1].run}`);
    expect(chosen).to.include('<code>ncand</code> = 1');
    // Of a batch that it did not run on.
    const other = await kay.get(`${path.replace('why?', 'why/?')}&run=999999`);
    expect(other.status).to.equal(404);
    expect(await other.text()).to.include('is not known');
  });

  describe('for others', () => {
    /** What only kay may ever read. */
    const SECRETS = [LIST_NAME, 'kay’s hidden filter', '424242', 'hush', 'HUSHED', 'kept from all'];
    const PUBLIC = ['passed', 'listed', 'annotated'] as const;
    let runs: string[];
    let pages: string[];

    before(async () => {
      const { db, context } = stand;
      const annotator = { description: '', isActive: true, isPublic: false };
      await db.transaction((tx) =>
        insertAnnotator(tx, kay.userId, 'hush', annotator, context.now()),
      );
      const hidden = await stand.filter(
        "SELECT objects.objectId FROM objects, annotator:hush WHERE hush.classification = 'HUSHED' AND ncand < 424242",
        { ownerId: kay.userId, triggers: { onAlerts: true, onAnnotations: true } },
      );
      await db.execute('UPDATE glint.queries SET name = :name WHERE mq_id = :hidden', {
        name: 'kay’s hidden filter',
        hidden,
      });
      for (const name of PUBLIC)
        await setLevel(db, { userId: kay.userId, role: 'user' }, filters[name], 1);
      const said = { objectId: OBJECT, version: '2', explanation: '', classdict: {}, url: '' };
      await annotate(
        { ...said, topic: 'oracle', classification: 'SN' },
        { ...said, topic: 'hush', classification: 'HUSHED' },
      );
      await annotate({ ...said, topic: 'hush', classification: 'HUSHED', version: '3' });
      await alert(104n, 17.8, JD + 3);
      const { arrival } = (await ofAlert('104')).alerts[0];
      await db.transaction((tx) =>
        addVerdicts(
          tx,
          BigInt(arrival.batch),
          packVerdicts({
            at: context.now(),
            objectIds: [OBJECT],
            columns: [],
            values: [],
            filters: [
              {
                queryId: filters.listed,
                version: 1,
                reason: 'kept from all',
                otherwise: 'failed',
                outcomes: new Map(),
              },
            ],
          }),
        ),
      );
      const seen = await api<Why>(`/filters/${hidden}/why?object=${OBJECT}`);
      runs = seen.runs.map(({ run }) => run);
      pages = [
        `/ledger/?survey=ztf&alert=104`,
        `/ledger/?object=${OBJECT}`,
        `/api/v1/ledger/ztf/alerts/104`,
        `/api/v1/ledger/ztf/objects/${OBJECT}`,
        '/filters/',
        '/queries/',
        '/api/v1/filters',
        '/api/v1/saved-queries',
        `/object/${OBJECT}/`,
        ...[...Object.values(filters), hidden].flatMap((id) => [
          `/filters/${id}/`,
          `/api/v1/filters/${id}`,
          `/filters/${id}/why/?object=${OBJECT}`,
          `/api/v1/filters/${id}/why?object=${OBJECT}`,
          ...runs.map((run) => `/filters/${id}/why/?object=${OBJECT}&run=${run}`),
        ]),
      ];
    });

    it('shows all of it to its owner', async () => {
      const page = await pageOf(`/ledger/?object=${OBJECT}`);
      for (const secret of ['kay’s hidden filter', 'hush', 'kept from all'])
        expect(page).to.include(secret);
      // Alert 104 and two annotations.
      expect(runs).to.have.length(3);
    });

    it('says nothing of private filters, lists and annotators, on no page', async () => {
      const visitor = (path: string) => fetch(web.url + path);
      const stranger = (path: string) =>
        path.startsWith('/api/')
          ? fetch(web.url + path, { headers: { authorization: `Token ${lee.token}` } })
          : lee.get(path);
      for (const ask of [visitor, stranger]) {
        for (const path of pages) {
          const answer = await ask(path);
          expect(answer.status, path).to.be.lessThan(500);
          const text = await answer.text();
          // What was asked for stands in the answer that it is not there.
          for (const secret of SECRETS) expect(text, path).not.to.include(secret);
        }
      }
    });

    it('shows public filters with what they refused, and who may be seen to have annotated', async () => {
      const visitor = async <Shape>(path: string) =>
        (await (await fetch(`${web.url}/api/v1${path}`)).json()) as Shape;
      const { alerts, annotationRuns } = await visitor<Answer>(`/ledger/ztf/objects/${OBJECT}`);
      expect(Object.keys(outcomes(alerts[0].verdicts)).map(Number)).to.have.members([
        filters.passed,
        filters.listed,
      ]);
      const why = await visitor<Why>(`/filters/${filters.annotated}/why?object=${OBJECT}`);
      for (const all of [annotationRuns, why.runs]) {
        expect(all).not.to.have.length(0);
        for (const { annotators } of all) expect(annotators).to.deep.equal(['oracle']);
      }
      // A private list of its owner: nobody else is told why.
      const listed = await fetch(
        `${web.url}/api/v1/filters/${filters.listed}/why?object=${OBJECT}`,
      );
      expect(listed.status).to.equal(400);
      // Nor which conditions an earlier version had, where these name it.
      const edit = { name: 'listed', description: '', survey: 'ztf', version: '1', memory: 'keep' };
      const sql = 'SELECT objectId FROM objects WHERE ncand >= 1';
      const edited = await kay.post(`/queries/${filters.listed}/edit/`, { ...edit, sql });
      expect(edited.status, await edited.text()).to.equal(303);
      const path = `/filters/${filters.listed}/why?object=${OBJECT}`;
      expect((await visitor<Why>(path)).earlier).to.deep.equal({ version: 1, conditions: [] });
      expect((await api<Why>(path)).earlier?.conditions.map(({ text }) => text)).to.deep.equal([
        'the object is in watchlist 1',
        'ncand >= 1',
      ]);
    });
  });
});
