import { z } from 'zod';

import { runQuery } from '../common/queries/run-query.ts';
import type { Survey } from '../common/config.ts';
import { openSandbox } from '../common/store/sandbox/open-sandbox.ts';
import type { Ask } from './sql-latency.ts';
import type { Site, SqlServer } from './sql-server.ts';

const PAGE_ROWS = 1_000;
const TIMEOUT_MS = 300_000;

/** Asks in this process, as the pages of the site do. */
export function askInProcess(
  { context, userId }: SqlServer,
  survey: Survey,
): { ask: Ask; close: () => Promise<void> } {
  const { db, now } = context;
  const sandbox = openSandbox(context);
  return {
    async ask(text, fields) {
      const { rows } = await runQuery(
        { db, sandbox, now },
        {
          ...{ survey, source: { kind: 'statement', text }, reader: { userId }, fields },
          ...{ limit: PAGE_ROWS, offset: 0, timeoutMs: TIMEOUT_MS, holder: `user:${userId}` },
        },
      );
      return rows.length;
    },
    close: () => sandbox.close(),
  };
}

const Page = z.object({ rows: z.array(z.unknown()) });

/** Asks the site as a program does, and reads the answer. */
export function askByHttp(site: Site, { token }: SqlServer, survey: Survey): Ask {
  return async (sql, fields) => {
    const answer = await postQuery(site, token, { survey, sql, fields, limit: PAGE_ROWS });
    return Page.parse(await answer.json()).rows.length;
  };
}

/** @throws if the site does not give what was asked for. */
export async function postQuery(site: Site, token: string, body: object): Promise<Response> {
  const answer = await fetch(`${site.url}/api/v1/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Token ${token}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer;
}
