import { z } from 'zod';

const frequency = z.number().positive();

const Peak = z.strictObject({
  periodDays: z.number().positive(),
  periodErrDays: z
    .number()
    .nonnegative()
    .meta({ description: 'Standard error if this peak is the right one and the noise is white.' }),
  frequency: frequency.meta({ description: 'Cycles a day.' }),
  power: z.number().meta({ description: 'Part of the chi-square that is explained, 0 to 1.' }),
  falseAlarmProbability: z.number().min(0).max(1).meta({
    description:
      'Upper limit of the chance that white noise alone has a peak this high anywhere in the range (Baluev 2008).',
  }),
  relation: z
    .string()
    .nullable()
    .meta({ description: 'Whether it is a harmonic or an alias of the best; null if neither.' }),
  windowRhythm: z.string().nullable().meta({
    description:
      'Rhythm of the observations that the period coincides with, where periods are suspect.',
  }),
});
export type PeriodPeak = z.infer<typeof Peak>;

const Band = z.strictObject({
  band: z.string(),
  points: z.int().nonnegative(),
  isUsed: z.boolean().meta({ description: 'False with too few points for a fit of its own.' }),
  brightness: z.enum(['apparent flux', 'difference flux']),
});

/** What a search for a period gives: stored as JSON, and shown as it is by the API. */
export const PeriodAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('searched'),
    points: z.int().meta({ description: 'Measurements used, all bands.' }),
    bands: z.array(Band),
    baselineDays: z.number().positive(),
    minFrequency: frequency.meta({ description: 'Lowest frequency searched, cycles a day.' }),
    maxFrequency: frequency.meta({ description: 'Highest frequency searched, cycles a day.' }),
    frequencies: z.int().meta({ description: 'How many were tried.' }),
    epochMjd: z.number().meta({
      description:
        'Heliocentric MJD of a maximum of the best sinusoid in the band with most points: UTC for ZTF, TAI for Rubin.',
    }),
    onePercentPower: z.number().meta({
      description: 'Power that noise alone reaches with a probability of 1 %.',
    }),
    peaks: z.array(Peak).min(1).meta({ description: 'The best first.' }),
    periodogram: z
      .strictObject({ frequency: z.array(z.number()), power: z.array(z.number()) })
      .meta({ description: 'The highest of the periodogram in each of some equal ranges.' }),
  }),
  z.strictObject({
    outcome: z.literal('no answer'),
    points: z.int(),
    bands: z.array(Band),
    reason: z.string().meta({ description: 'Why no period can be looked for: a sentence.' }),
  }),
]);
export type PeriodAnswer = z.infer<typeof PeriodAnswerSchema>;
export type PeriodSearched = Extract<PeriodAnswer, { outcome: 'searched' }>;
