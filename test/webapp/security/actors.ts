import { createHmac, randomBytes } from 'node:crypto';

import { PRIVATE, PUBLIC, SYSTEM } from '../../../common/store/saved-queries.ts';
import type { Level } from '../../../common/store/saved-queries.ts';
import { insertApiToken } from '../../../common/store/accounts/api-tokens.ts';
import type { Scope } from '../../../common/store/accounts/api-tokens.ts';
import { insertAnnotator } from '../../../common/store/annotations/annotators.ts';
import { disableAccount } from '../../../common/store/accounts/end-account.ts';
import { insertBackfill } from '../../../common/store/backfills.ts';
import { selectOutputs } from '../../../common/store/filter-outputs.ts';
import { makeFilter, saveFilter, switchFilter } from '../../../common/store/filters.ts';
import { writeMatches } from '../../../common/store/matches.ts';
import { insertQuery } from '../../../common/store/save-query.ts';
import { deleteSessionsOf } from '../../../common/store/accounts/sessions.ts';
import { insertDraft } from '../../../common/store/lists/watchlist-drafts.ts';
import { WHOLE_SKY } from '../../../common/moc/moc.ts';
import { createWatchmap } from '../../../common/store/lists/watchmap-edits.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn, Site } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import type { Actor } from './access.ts';

/** Somebody who owns something of each kind, and the numbers of it. */
export interface World {
  owner: LoggedIn;
  /** What stands for `{name}` in the addresses of the table. */
  names: Record<string, number | string>;
}

const RUNS = {
  triggers: { onAlerts: true, onAnnotations: false },
  waitMinutes: 0,
  memory: { kind: 'every' },
} as const;
/** The webhook is within a private network, so that nothing is sent to it. */
const OUTPUTS = {
  mail: { every: 'day', gapMinutes: 60 },
  webhook: { url: 'http://127.0.0.1:9/', body: 'json' },
} as const;
const MATCH = {
  survey: 'ztf',
  objectId: ZTF_ID,
  cause: 'a1',
  rowNumber: 0,
  kind: 'alert',
  version: 1,
  alertId: '1',
  observedAt: null,
  arrivedAt: null,
  record: { objectId: ZTF_ID },
} as const;

let count = 0;
const newName = (kind: string) => `${kind}${++count}`;

export async function makeWorld(site: Site): Promise<World> {
  const { db, now } = site.context;
  const owner = await logIn(site, newName('owner'));
  const keep = (level: Level, text = 'SELECT objectId FROM objects LIMIT 2') =>
    db.transaction((tx) =>
      insertQuery(
        tx,
        owner.userId,
        {
          name: newName('query'),
          description: 'about supernovae',
          survey: 'ztf',
          source: { kind: 'statement', text },
          fields: [],
        },
        now(),
        { level },
      ),
    );
  const settings = { description: '', isActive: true };
  for (const isPublic of [true, false]) {
    const topic = `${isPublic ? 'open' : 'hidden'}${owner.userId}`;
    await db.transaction((tx) =>
      insertAnnotator(tx, owner.userId, topic, { ...settings, isPublic }, now()),
    );
  }
  const keepMap = (isPublic: boolean) =>
    createWatchmap(
      db,
      { userId: owner.userId, now: now() },
      { name: newName('watchmap'), description: '', active: true, public: isPublic },
      WHOLE_SKY,
    );
  const filter = async (level: Level) => {
    const queryId = await keep(level, 'SELECT objectId FROM objects WHERE ncand > 3');
    const backfill = await db.transaction(async (tx) => {
      const of = { queryId, userId: owner.userId, survey: 'ztf', version: 1 } as const;
      await makeFilter(tx, of, now());
      await saveFilter(tx, queryId, { ...RUNS, outputs: OUTPUTS }, now());
      await switchFilter(tx, queryId, 'on', { expiresAt: null, now: now() });
      await writeMatches(tx, [{ ...MATCH, queryId, matchedAt: now() }]);
      return insertBackfill(tx, queryId, { first: 3600, last: 3601 }, now());
    });
    return { queryId, backfill: Number(backfill) };
  };
  const [hiddenFilter, openFilter] = [await filter(PRIVATE), await filter(PUBLIC)];
  const firstOf = async (sql: string) =>
    Number((await db.arrays(sql, { userId: owner.userId }))[0][0]);
  const mailKeyOf = async (queryId: number) => {
    const outputs = await selectOutputs(db, queryId);
    return outputs.find(({ channel }) => channel === 'mail')?.secret ?? '';
  };
  return {
    owner,
    names: {
      user: owner.userId,
      private: await keep(PRIVATE),
      public: await keep(PUBLIC),
      system: await keep(SYSTEM),
      hiddenFilter: hiddenFilter.queryId,
      hiddenRun: hiddenFilter.backfill,
      openFilter: openFilter.queryId,
      openRun: openFilter.backfill,
      mailKey: await mailKeyOf(openFilter.queryId),
      privateMap: await keepMap(false),
      publicMap: await keepMap(true),
      session: await firstOf('SELECT session_id FROM glint.sessions WHERE user_id = :userId'),
      ...(await makeLists(site, owner.userId)),
      token: await firstOf('SELECT token_id FROM glint.api_tokens WHERE user_id = :userId'),
    },
  };
}

/** A private and a public watchlist of a source each, and one that is only looked at yet. */
async function makeLists({ context: { db, now } }: Site, userId: number) {
  const make = async (isPublic: boolean) => {
    const { insertId } = await db.execute(
      `INSERT INTO glint.watchlists
        (user_id, name, description, active, public, radius, sources, created_at, updated_at)
      VALUES (:userId, :name, '', 1, :isPublic, 5, 1, :now, :now)`,
      { userId, name: newName('list'), isPublic, now: now() },
    );
    await db.execute(
      "INSERT INTO glint.watchlist_cones (wl_id, name, ra, decl, hpx29) VALUES (:id, 'a', 1, 2, 3)",
      { id: insertId },
    );
    return Number(insertId);
  };
  const settings = { name: 'draft', description: '', radius: '5', active: true, public: false };
  return {
    hiddenList: await make(false),
    openList: await make(true),
    draft: await insertDraft(
      db,
      userId,
      { watchlistId: null, settings, fileName: null },
      Buffer.from('1,2,a'),
      now(),
    ),
  };
}

/** What somebody's requests carry: a browser's cookie with the token for its forms, or an API token. */
export interface Credentials {
  headers: Record<string, string>;
  csrfToken: string;
}

export async function credentialsOf(
  site: Site,
  actor: Actor,
  { owner }: World,
): Promise<Credentials> {
  const { db, now } = site.context;
  const tokenOf = async (
    userId: number,
    { scopes = [], expiresAt = null }: { scopes?: Scope[]; expiresAt?: Date | null } = {},
  ) => {
    const wanted = { name: newName('token'), scopes, expiresAt };
    return withToken(await db.transaction((tx) => insertApiToken(tx, userId, wanted, now())));
  };
  switch (actor) {
    case 'visitor':
      return visitor();
    case 'owner':
      return browser(owner);
    case 'other':
      return browser(await logIn(site, newName('other')));
    case 'power':
    case 'staff':
      return browser(await logIn(site, newName(actor), { role: actor }));
    case 'disabled': {
      const gone = await logIn(site, newName('disabled'));
      await disableAccount(db, gone.userId, now());
      return formerly(gone);
    }
    case 'revoked': {
      const away = await logIn(site, newName('revoked'));
      await deleteSessionsOf(db, away.userId);
      return formerly(away);
    }
    case 'overdue': {
      const late = await logIn(site, newName('overdue'));
      await db.execute('UPDATE glint.sessions SET expires_at = :now WHERE user_id = :userId', {
        now: now(),
        userId: late.userId,
      });
      return formerly(late);
    }
    case 'otherToken':
      return withToken((await logIn(site, newName('other'))).token);
    case 'expired': {
      const token = await tokenOf(owner.userId, {
        scopes: ['read', 'query', 'annotate', 'write'],
        expiresAt: new Date(now().getTime() + 1_000),
      });
      await db.execute('UPDATE glint.api_tokens SET expires_at = :now WHERE expires_at > :now', {
        now: now(),
      });
      return token;
    }
    case 'ofDisabled': {
      const gone = await logIn(site, newName('disabled'));
      await disableAccount(db, gone.userId, now());
      return withToken(gone.token);
    }
    case 'unknown':
      return withToken(randomBytes(20).toString('hex'));
    case 'read':
    case 'query':
    case 'annotate':
    case 'write':
      return tokenOf(owner.userId, { scopes: [actor] });
  }
}

/** Whoever holds only a token has a visitor's cookie for the forms of pages. */
function withToken(token: string): Credentials {
  const { headers, csrfToken } = visitor();
  return { headers: { ...headers, authorization: `Token ${token}` }, csrfToken };
}

function browser({ cookie, csrfToken }: LoggedIn): Credentials {
  return { headers: { cookie }, csrfToken };
}

/** A browser whose session has ended, with what it was given as a visitor before. */
function formerly({ cookie }: LoggedIn): Credentials {
  const { headers, csrfToken } = visitor();
  return { headers: { cookie: `${cookie}; ${headers.cookie}` }, csrfToken };
}

function visitor(): Credentials {
  const secret = randomBytes(32).toString('base64url');
  const csrfToken = createHmac('sha256', secret).update('csrf').digest('base64url');
  return { headers: { cookie: `glint_visitor=${secret}` }, csrfToken };
}
