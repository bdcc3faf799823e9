import express from 'express';
import type { Request, RequestHandler } from 'express';

import { parseAnnotationJson } from '../../common/annotations/parse-json.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { requireScope } from '../accounts/account.ts';

const PLACES = /^\/(?:(?:ztf|lsst)\/)?api\/(?:annotate|annotatelist|v1\/annotations)\/?$/i;
/** A thousand of the largest annotations. */
const BODY_LIMIT = '16mb';
const NO_JSON = /[[:,]\s*-?(?:NaN|Infinity)\b/;

/** Whether the body of a request is read here, once it is known who sends it. */
export function isAnnotationBody(req: Request): boolean {
  return PLACES.test(req.path) && typeof req.is('json') === 'string';
}

/**
 * Reads annotations in JSON, of those who may send them only: many may come at once, and ids of objects
 * keep all digits. Goes behind `findAccount`.
 *
 * @throws {UnauthenticatedError | ForbiddenError} before anything is read.
 * @throws {InvalidInputError} if it is no JSON.
 */
export function readAnnotationBody(): RequestHandler {
  const read = express.text({ type: () => true, limit: BODY_LIMIT });
  return (req, res, next) => {
    if (!isAnnotationBody(req)) {
      next();
      return;
    }
    requireScope(res, 'annotate');
    read(req, res, (err?: unknown) => {
      if (err !== undefined) {
        next(err);
        return;
      }
      const text = typeof req.body === 'string' ? req.body : '';
      try {
        req.body = parseAnnotationJson(text);
        next();
      } catch (cause) {
        next(
          new InvalidInputError(
            NO_JSON.test(text)
              ? 'The body is no JSON: NaN and Infinity are none. Leave such keys out, or send null.'
              : 'The body is no JSON.',
            { cause },
          ),
        );
      }
    });
  };
}
