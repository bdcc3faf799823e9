import { Router } from 'express';
import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { NotFoundError } from '../../common/errors.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import { selectOptionalAlert } from '../../common/store/past-alerts.ts';
import type { Queries } from '../../common/store/database.ts';
import { AlertNumber, ledgerOfAlert, ledgerOfObject, verdictsOf } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ledgerPage } from '../ledger/ledger-page.ts';
import { explainRefusals } from '../ledger/refusals.ts';
import { parseInput } from '../parse-input.ts';
import { sentence } from '../saved-queries/query-form.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';

const LedgerInput = z.object({
  survey: z.enum(SURVEYS).optional(),
  alert: z.string().trim().max(40).default(''),
  object: z.string().trim().max(40).default(''),
  before: z.coerce.number().positive().max(1e9).optional(),
});

/** What became of an alert, or of the alerts of an object. */
export function ledgerRoutes(services: Services): Router {
  const { db } = services.context;
  const router = Router();

  router.get('/ledger/', async (req, res) => {
    const input = parseInput(LedgerInput, req.query);
    const { alert, object } = input;
    const page = { title: 'Ledger', isStatus: true, alert, object };
    if (alert === '' && object === '') {
      res.render('ledger', page);
      return;
    }
    try {
      const ledger = await find(db, input, readerOf(res));
      const refusals = await explainRefusals(services, verdictsOf(ledger), readerOf(res));
      const title = `Ledger of ${alert === '' ? ledger.objectId : alert}`;
      res.render('ledger', { ...page, title, ledger: ledgerPage(ledger, refusals) });
    } catch (err) {
      if (!(err instanceof NotFoundError)) throw err;
      res.status(404).render('ledger', { ...page, problem: sentence(err.message) });
    }
  });
  return router;
}

async function find(
  db: Queries,
  { survey, alert, object, before }: z.infer<typeof LedgerInput>,
  readerId: number | undefined,
): Promise<Ledger> {
  if (alert !== '') {
    const number = AlertNumber.safeParse(alert);
    if (!number.success) {
      throw new NotFoundError('Alerts have numbers: ZTF calls them candid, Rubin diaSourceId.');
    }
    const where = survey ?? (await surveyOf(db, number.data));
    return ledgerOfAlert(db, where, number.data, readerId);
  }
  const parsed = parseObjectId(object);
  if (parsed === undefined) throw new NotFoundError(`There is no such object. ${ID_HINT}`);
  return ledgerOfObject(db, parsed.survey, parsed.id, readerId, before);
}

/** The survey that has an alert of this number; ZTF where none has. */
async function surveyOf(db: Queries, alertId: string): Promise<Survey> {
  return (await selectOptionalAlert(db, 'lsst', alertId)) === undefined ? 'ztf' : 'lsst';
}
