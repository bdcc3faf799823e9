import helmet from 'helmet';
import type { RequestHandler } from 'express';

import { CONTENT_POLICY } from './security.ts';

/**
 * The policy of pages with a map: Aladin Lite is a WebAssembly program that it carries as a data URL,
 * works in workers and styles its own elements. Scripts still come from here only, and nothing is
 * asked of anybody else.
 */
export function mapPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      ...CONTENT_POLICY,
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      // A hash beside it would switch it off.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      connectSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      workerSrc: ['blob:'],
    },
  });
}
