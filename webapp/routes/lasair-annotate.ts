import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';

import { MOST_AT_ONCE } from '../../common/annotations/annotation.ts';
import type { SurveyAnnotation } from '../../common/annotations/annotation.ts';
import { problemText, readAnnotation } from '../../common/annotations/read-annotation.ts';
import type { Survey } from '../../common/config.ts';
import { requireSender, sendAnnotations } from '../annotators/send-annotations.ts';
import type { Services } from '../services.ts';

/** Lasair's paths, of each survey; without one the form of the id tells the survey. */
const PLACES: readonly { prefix: string; survey: Survey | undefined }[] = [
  { prefix: '/ztf/api', survey: 'ztf' },
  { prefix: '/lsst/api', survey: 'lsst' },
  { prefix: '/api', survey: undefined },
];

/** Lasair's addresses for annotators: its clients run unchanged. */
export function lasairAnnotateRoutes(services: Services): Router {
  const router = Router();
  for (const { prefix, survey } of PLACES) {
    router.all(
      `${prefix}/annotate/`,
      posted((req, res) => annotate(services, survey, req, res)),
    );
    router.all(
      `${prefix}/annotatelist/`,
      posted((req, res) => annotateList(services, survey, req, res)),
    );
  }
  return router;
}

function posted(handle: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return async (req, res) => {
    if (req.method === 'POST') return handle(req, res);
    res
      .set('Allow', 'POST')
      .status(405)
      .json({ detail: `Method "${req.method}" not allowed.` });
  };
}

async function annotate(
  { context }: Services,
  survey: Survey | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const sender = await requireSender(context, res);
  const read = readAnnotation(req.body ?? {}, { survey, isStrict: true });
  if ('problems' in read) {
    res.status(400).json(read.problems);
    return;
  }
  const [outcome] = await sendAnnotations(context, sender, [read], { isWhole: true });
  if ('problem' in outcome) {
    res.status(400).json({ error: outcome.problem });
    return;
  }
  const { annotation } = read;
  res.json({
    status: 'success',
    annotation_topic: annotation.topic,
    message: JSON.stringify(annotation),
    annotationID: outcome.annotationId,
    repeated: outcome.isRepeat,
    known: outcome.isKnown,
  });
}

/** All of them or none: the client cannot tell which of a list were stored. */
async function annotateList(
  { context }: Services,
  survey: Survey | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const sender = await requireSender(context, res);
  const { annotations: given } = (req.body ?? {}) as { annotations?: unknown };
  if (!Array.isArray(given) || given.length > MOST_AT_ONCE) {
    const words = Array.isArray(given)
      ? `At most ${MOST_AT_ONCE} annotations may come at once, not ${given.length}.`
      : 'This field is needed: a list of annotations, in JSON.';
    res.status(400).json({ annotations: [words] });
    return;
  }
  const refuse = (at: number, problem: string) => {
    const which = `annotation ${at + 1} of ${given.length}`;
    res.status(400).json({ error: `${which}: ${problem} (nothing of the list was stored)` });
  };
  const annotations: SurveyAnnotation[] = [];
  for (const [i, one] of given.entries()) {
    const read = readAnnotation(one, { survey, isStrict: true });
    if ('problems' in read) return refuse(i, problemText(read.problems));
    annotations.push(read);
  }
  const outcomes = await sendAnnotations(context, sender, annotations, { isWhole: true });
  let [repeated, unknown] = [0, 0];
  for (const outcome of outcomes) {
    if ('problem' in outcome) {
      const at = outcomes.findIndex((one) => 'problem' in one && one.problem !== '');
      const first = outcomes[at];
      return refuse(at, 'problem' in first ? first.problem : '');
    }
    if (outcome.isRepeat) repeated++;
    if (!outcome.isKnown) unknown++;
  }
  res.json({ status: 'success', n: outcomes.length, repeated, unknown });
}
