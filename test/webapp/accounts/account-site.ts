import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import type { Log } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { startWeb } from '../../../webapp/server.ts';
import { freshDatabase } from '../../servers.ts';
import { startMailServer } from './mail-server.ts';
import type { MailServer } from './mail-server.ts';

export interface AccountSite {
  url: string;
  db: Database;
  context: Context;
  /** Mails that came out, the newest last. */
  mail: MailServer;
  /** Everything that was logged, facts and causes among it, as text. */
  logged: string[];
  /** Turns the clock on. */
  pass(seconds: number): void;
  stop(): Promise<void>;
}

/** The whole site on an empty database, with a mail server of its own and a clock that can be turned. */
export async function startAccountSite(
  settings: Record<string, string> = {},
): Promise<AccountSite> {
  const { db, url: databaseUrl } = await freshDatabase();
  const mail = await startMailServer();
  const config = parseConfig({
    GLINT_DATABASE_URL: databaseUrl,
    GLINT_WEB_PORT: '0',
    GLINT_MAIL_URL: mail.url,
    GLINT_MAIL_FROM: 'Glint <glint@example.org>',
    ...settings,
  });
  const logged: string[] = [];
  let offsetMs = 0;
  const context: Context = {
    config,
    db,
    log: keepingLog(logged),
    now: () => new Date(Date.now() + offsetMs),
  };
  const web = await startWeb(context);
  return {
    url: web.url,
    db,
    context,
    mail,
    logged,
    pass: (seconds) => (offsetMs += 1_000 * seconds),
    async stop() {
      await web.stop();
      await mail.stop();
      await db.close();
    },
  };
}

function keepingLog(lines: string[]): Log {
  const keep = (message: string, facts?: Record<string, unknown>) => {
    const text = (value: unknown): unknown =>
      value instanceof Error ? [value.message, value.stack, text(value.cause)] : value;
    lines.push(JSON.stringify([message, facts], (_key, value) => text(value)));
  };
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, with: () => log };
  return log;
}
