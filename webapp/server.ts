import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { createPasswordHasher } from '../common/accounts/password-hash.ts';
import type { Context } from '../common/context.ts';
import { SetupError } from '../common/errors.ts';
import { openSandbox } from '../common/store/sandbox/open-sandbox.ts';
import { createApp } from './app.ts';
import { createBackground } from './background.ts';
import { createLagReader } from './lag.ts';
import { createMail } from '../common/mail.ts';
import { createMatchEvents } from './match-events.ts';
import { createMetrics } from './metrics.ts';
import { createPeriodFinder } from './period-finder.ts';

/** Requests under way may take so long to end when the site stops. */
const GRACE_MS = 3_000;

export interface WebServer {
  /** Address at which this process answers, without a slash at the end. */
  url: string;
  /** Ends what is under way, takes nothing new. */
  stop(): Promise<void>;
}

/**
 * Starts the site on `config.webHost` and `config.webPort` (any free port without).
 *
 * @throws {SetupError} if it cannot listen there.
 */
export async function startWeb(context: Context): Promise<WebServer> {
  const { config, log } = context;
  const lag = createLagReader(context);
  const periods = createPeriodFinder(context);
  const sandbox = openSandbox(context);
  const mail = createMail(config, log);
  const background = createBackground(log);
  const events = createMatchEvents(context);
  let url = '';
  const siteUrl = () => (config.webUrl ?? reachable(url)).replace(/\/+$/, '');
  const app = createApp({
    context,
    metrics: createMetrics(),
    lag,
    periods,
    sandbox,
    siteUrl,
    mail,
    passwords: createPasswordHasher(),
    background,
    events,
  });
  const server = createServer(app);
  server.listen(config.webPort ?? 0, config.webHost);
  try {
    await once(server, 'listening');
  } catch (err) {
    await Promise.all([lag.stop(), sandbox.close()]);
    throw new SetupError(
      `the site cannot listen on ${config.webHost}:${config.webPort ?? 0}: choose another GLINT_WEB_PORT`,
      { cause: err },
    );
  }
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  url = `http://${host}:${port}`;
  log.info(`the site answers at ${url}`);
  return {
    url,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await events.stop();
      server.closeIdleConnections();
      await periods.stop();
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(timer);
      await Promise.race([background.settled(), pause(GRACE_MS, undefined, { ref: false })]);
      mail.close();
      await Promise.all([lag.stop(), sandbox.close()]);
    },
  };
}

/** The address for a browser on this machine, where the process listens on all addresses. */
function reachable(url: string): string {
  return url.replace(/^http:\/\/(?:0\.0\.0\.0|\[::\]):/, 'http://localhost:');
}
