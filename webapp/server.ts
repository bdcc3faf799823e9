import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Context } from '../common/context.ts';
import { SetupError } from '../common/errors.ts';
import { createApp } from './app.ts';
import { createLagReader } from './lag.ts';
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
  let url = '';
  const siteUrl = () => (config.webUrl ?? url).replace(/\/+$/, '');
  const app = createApp({ context, metrics: createMetrics(), lag, periods, siteUrl });
  const server = createServer(app);
  server.listen(config.webPort ?? 0, config.webHost);
  try {
    await once(server, 'listening');
  } catch (err) {
    await lag.stop();
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
      server.closeIdleConnections();
      await periods.stop();
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(timer);
      await lag.stop();
    },
  };
}
