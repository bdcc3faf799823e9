import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { CONTEXT_ROWS, CROSSMATCH_ROWS } from '../../common/store/object-surroundings.ts';
import type { ObjectSurroundings } from '../../common/store/object-surroundings.ts';
import { shortestFloat32 } from '../../common/store/row-reader.ts';
import { OTHER_SURVEY } from '../surroundings-page.ts';

const instant = z.iso.datetime();
const text = z.string().nullable();
const number = z.number().nullable();

const TnsEntry = z.strictObject({
  name: z.string().meta({ description: 'Name without its prefix: 2018cow.' }),
  prefix: text.meta({ description: 'SN, AT, TDE, FRB.' }),
  type: text.meta({ description: 'Type that a spectrum gave; null without one.' }),
  ra: z.number().meta({ description: 'Right ascension, ICRS [deg]' }),
  decl: z.number().meta({ description: 'Declination, ICRS [deg]' }),
  arcsec: z.number().meta({ description: 'Distance between the object and the entry [arcsec]' }),
  z: number.meta({ description: 'Redshift.' }),
  discoveredAt: instant.nullable().meta({ description: 'Discovery, UTC.' }),
  discoveryMag: number.meta({ description: 'Magnitude at discovery [mag]' }),
  discoveryFilter: text,
  reportingGroup: text.meta({ description: 'Groups that reported it.' }),
  sourceGroup: text.meta({ description: 'Survey whose images it was found in.' }),
  internalNames: text.meta({ description: 'What the groups that found it call it.' }),
  hostName: text.meta({ description: 'Name of the host galaxy.' }),
});

const CommentAnswer = z.strictObject({
  commentId: z.string(),
  author: text.meta({ description: 'Login name; null for the broker itself.' }),
  isRobot: z.boolean().meta({ description: 'Whether the broker itself wrote it.' }),
  content: z.string().meta({ description: 'Plain text.' }),
  time: instant,
  topic: text.meta({ description: 'What a comment of the broker is about.' }),
});

const OtherAnswer = z.strictObject({
  survey: z.enum(SURVEYS),
  id: z.string(),
  separationArcsec: z.number().meta({ description: 'Between the mean positions [arcsec]' }),
  rank: z.int().meta({ description: '1 for the nearest.' }),
  candidates: z
    .int()
    .meta({ description: 'Objects of the other survey here; above 1 it is not certain which.' }),
});

/** Members of an object's answer that say what is around it. */
export function surroundingsShape(survey: Survey) {
  return {
    context: CONTEXT_ROWS[survey].schema.nullable().meta({
      description: `The row of ${survey}.sherlock_classifications; null until it is worked out. Its description is HTML in which names from catalogues are escaped.`,
    }),
    crossmatches: z.array(CROSSMATCH_ROWS[survey].schema).meta({
      description: `Rows of ${survey}.sherlock_crossmatches, the best first.`,
    }),
    tns: z.array(TnsEntry).meta({
      description: 'Entries of the Transient Name Server within 3 arcsec, the nearest first.',
    }),
    comments: z.array(CommentAnswer).meta({ description: 'The oldest first.' }),
    otherSurvey: z.array(OtherAnswer).meta({
      description: 'Objects of the other survey within 1.5 arcsec, the nearest first.',
    }),
  };
}

export function surroundingsAnswer(
  survey: Survey,
  { context, crossmatches, tns, comments, otherSurvey }: ObjectSurroundings,
) {
  return {
    context,
    crossmatches,
    tns: tns.map((entry) => ({
      ...entry,
      arcsec: shortestFloat32(entry.arcsec),
      discoveredAt: entry.discoveredAt?.toISOString() ?? null,
    })),
    comments: comments.map((comment) => ({ ...comment, time: comment.time.toISOString() })),
    otherSurvey: otherSurvey.map((other) => ({ survey: OTHER_SURVEY[survey], ...other })),
  };
}
