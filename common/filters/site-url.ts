import type { Config } from '../config.ts';

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Address of the site for links in what is sent, without a slash at the end. */
export function siteUrlOf({ webUrl, webHost, webPort }: Config): string {
  if (webUrl !== undefined) return webUrl.replace(/\/+$/, '');
  const host = ANY_ADDRESS.has(webHost) ? 'localhost' : webHost;
  const shown = host.includes(':') ? `[${host}]` : host;
  return `http://${shown}${webPort === undefined ? '' : `:${webPort}`}`;
}
