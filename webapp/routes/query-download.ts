import { Router } from 'express';
import type { RequestHandler } from 'express';

import { InvalidInputError } from '../../common/errors.ts';
import { RESULT_FORMATS, RESULT_FORMAT_NAMES } from '../../common/formats/result-formats.ts';
import { accountOf } from '../accounts/account.ts';
import { fieldNumbers, readQueryInput } from '../query/query-input.ts';
import { askerOf } from '../query/run-for-page.ts';
import { openResult } from '../query-output/open-result.ts';
import { rowCapOf } from '../query-output/row-caps.ts';
import { sendResult } from '../query-output/send-result.ts';
import type { Services } from '../services.ts';

/** The whole result of the query page as a file: what the page is asked, and `format`. */
export function queryDownloadRoutes(services: Services): Router {
  const router = Router();
  const download: RequestHandler = async (req, res) => {
    const given = (req.method === 'POST' ? req.body : req.query) as Record<string, unknown>;
    const name = RESULT_FORMAT_NAMES.find((each) => each === given.format);
    if (name === undefined) {
      throw new InvalidInputError(`format: must be one of ${RESULT_FORMAT_NAMES.join(', ')}.`);
    }
    const format = RESULT_FORMATS[name];
    const { survey, source, sort, isDescending, fields } = readInput(given);
    const account = accountOf(res);
    const { config, now } = services.context;
    const limit = rowCapOf(account);
    const result = await openResult(services, askerOf(req, res), 'download', {
      survey,
      source,
      fields,
      ...(sort > 0 && { order: { column: sort - 1, isDescending } }),
      limit,
      offset: 0,
      timeoutMs: account === undefined ? config.sandboxTimeoutMs : config.sandboxApiTimeoutMs,
    });
    const stamp = now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    res.attachment(`glint-${survey}-${stamp}.${format.extension}`);
    await sendResult(res, result, format, limit);
  };
  router.get('/query/download', download);
  router.post('/query/download', download);
  return router;
}

function readInput(given: Record<string, unknown>) {
  const input = readQueryInput(given);
  const { numbers, wrong } = fieldNumbers(input);
  if (wrong.length > 0) throw new InvalidInputError(`The field :${wrong[0]} needs a number.`);
  return { ...input, fields: numbers };
}
