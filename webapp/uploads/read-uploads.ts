import express from 'express';
import type { Request, RequestHandler, Response } from 'express';

import { BusyError } from '../../common/errors.ts';
import { requireAccount } from '../accounts/account.ts';
import { isApiPath } from '../accounts/api-paths.ts';
import { receiveFile } from './receive-file.ts';
import { receiveForm } from './receive-form.ts';
import { MAX_TEXT_BYTES, textTooLong } from './upload.ts';

/** Where files and long texts come. */
const PLACES = /^\/(?:api\/v1\/)?watch(?:lists|maps)(?:\/|$)/i;
/** Larger JSON is left for accounts to send; everybody's is read before it is known who they are. */
const EVERYBODYS_BYTES = 2 ** 20;
/** Uploads of one account at once. */
const MOST_AT_ONCE = 3;

/** Whether the body of a request is read later, once it is known who sends it. */
export function isUpload(req: Request): boolean {
  if (!PLACES.test(req.path) || req.method === 'GET' || req.method === 'HEAD') return false;
  if (req.is('multipart/form-data') === 'multipart/form-data') return true;
  if (!isApiPath(req.path)) return false;
  if (typeof req.is('json') !== 'string') return req.is('urlencoded') === false;
  return !(Number(req.headers['content-length']) <= EVERYBODYS_BYTES);
}

/**
 * Reads files and long texts, of people with an account only. Goes behind `findAccount`, and before
 * whatever looks into forms. A program may send a file as the whole body; what it says of it stands in
 * the address then, and becomes the body.
 *
 * @throws {UnauthenticatedError} for visitors, before anything is read.
 * @throws {InvalidInputError} if it cannot be read or is larger than may be.
 * @throws {BusyError} if the account sends several others at this moment.
 */
export function readUploads(): RequestHandler {
  const json = express.json({ limit: MAX_TEXT_BYTES });
  const underWay = new Map<number, number>();
  const read = async (req: Request, res: Response) => {
    if (typeof req.is('json') === 'string') {
      await new Promise<void>((resolve, reject) => {
        json(req, res, (err?: unknown) => {
          if (isTooLarge(err)) reject(textTooLong());
          else if (err instanceof Error) reject(err);
          else resolve();
        });
      });
    } else if (req.is('multipart/form-data') === 'multipart/form-data') {
      const { fields, upload } = await receiveForm(req, res);
      req.body = fields;
      res.locals.upload = upload;
    } else {
      const upload = await receiveFile(res, req, '');
      req.body = { ...req.query };
      if (upload.bytes > 0) res.locals.upload = upload;
    }
  };
  return async (req, res, next) => {
    if (!isUpload(req)) {
      next();
      return;
    }
    const { userId } = requireAccount(res);
    const others = underWay.get(userId) ?? 0;
    if (others >= MOST_AT_ONCE) {
      throw new BusyError('You are sending several files already: wait until they have come.');
    }
    underWay.set(userId, others + 1);
    try {
      await read(req, res);
    } finally {
      const left = (underWay.get(userId) ?? 1) - 1;
      if (left > 0) underWay.set(userId, left);
      else underWay.delete(userId);
    }
    next();
  };
}

function isTooLarge(err: unknown): boolean {
  return err instanceof Error && 'status' in err && err.status === 413;
}
