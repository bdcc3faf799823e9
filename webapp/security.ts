import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Of the empty text: Plotly makes empty style elements and fills them through the CSSOM. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** What pages may load and do. */
export const CONTENT_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", EMPTY_STYLE],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Headers of every answer: nothing from elsewhere, nothing inline, no frames. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    // The site may be served without TLS in an observatory's network; a proxy that has TLS says so.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
}
