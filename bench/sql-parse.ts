import { parseQuery } from '../common/sql/parse-query.ts';
import { explainError, QueryError } from '../common/sql/query-error.ts';
import { hostileTexts } from './hostile-texts.ts';

/** What an astronomer writes: a join, a sum, a list, an order. */
const TYPICAL = `SELECT objects.objectId, objects.ramean, objects.decmean,
    objects.gmag - objects.rmag AS colour, jdnow() - objects.jdmax AS since,
    sherlock_classifications.classification, sherlock_classifications.separationArcsec
  FROM objects, sherlock_classifications
  WHERE objects.objectId = sherlock_classifications.objectId
    AND objects.jdmax > jdnow() - 14 AND (objects.gmag < 18.5 OR objects.rmag < 18.5)
    AND NOT (objects.distpsnr1 < 2 AND objects.sgscore1 > 0.49) AND objects.ncandgp >= 3
    AND sherlock_classifications.classification IN ('SN', 'NT', 'ORPHAN')
  ORDER BY objects.jdmax DESC LIMIT 1000`;

const WARM_UP_ROUNDS = 20_000;
const TYPICAL_ROUNDS = 10_000;
const HOSTILE_ROUNDS = 9;

export interface ParseFigures {
  /** CPU, milliseconds for a query of some lines. */
  typicalMs: number;
  /** CPU, milliseconds for each text of 64 kB: the median and the most of some rounds. */
  hostile: { name: string; medianMs: number; mostMs: number; isAccepted: boolean }[];
}

/**
 * What it costs to read a query: a typical one, and the longest texts that try to take long. CPU of
 * this process, all of its threads, after the compiler has seen both.
 */
export function benchParser(): ParseFigures {
  const texts = hostileTexts();
  for (const { text } of texts) isAccepted(text);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) isAccepted(TYPICAL);
  const started = cpuMs();
  for (let round = 0; round < TYPICAL_ROUNDS; round++) isAccepted(TYPICAL);
  const typicalMs = (cpuMs() - started) / TYPICAL_ROUNDS;
  const hostile = texts.map(({ name, text }) => {
    const rounds = Array.from({ length: HOSTILE_ROUNDS }, () => costOf(text)).sort((a, b) => a - b);
    const medianMs = rounds[Math.floor(HOSTILE_ROUNDS / 2)];
    return { name, medianMs, mostMs: rounds[HOSTILE_ROUNDS - 1], isAccepted: isAccepted(text) };
  });
  return { typicalMs, hostile: hostile.sort((a, b) => b.medianMs - a.medianMs) };
}

function costOf(text: string): number {
  const started = cpuMs();
  isAccepted(text);
  return cpuMs() - started;
}

/** Reads a text; a refusal is explained, as a page would have it. */
function isAccepted(text: string): boolean {
  const source = { kind: 'statement', text } as const;
  try {
    parseQuery(source);
    return true;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    explainError(error, source);
    return false;
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
