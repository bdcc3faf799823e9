import { RULES, SYNONYM_ARCSEC } from './rules.ts';
import type { Association, Condition, Radius, Reliability, Rule } from './rules.ts';
import type { SourceFacts } from './source-facts.ts';

/** A rule that holds between an object and a source. */
export interface RuleMatch {
  rule: Rule;
  radiusArcsec: number;
  association: Association;
  reliability: Reliability;
}

/**
 * The rules under which an object so far from a source belongs to it, in the order of the table.
 *
 * @param separationArcsec - Between object and source.
 */
export function matchesAt(facts: SourceFacts, separationArcsec: number): RuleMatch[] {
  const matches: RuleMatch[] = [];
  for (const rule of RULES) {
    if (!isSpokenOf(rule.of, facts)) continue;
    const radiusArcsec = ruleRadiusArcsec(rule.radius, facts);
    if (rule.synonym !== null && separationArcsec <= SYNONYM_ARCSEC) {
      matches.push({ rule, radiusArcsec, association: rule.synonym, reliability: 1 });
    } else if (separationArcsec <= radiusArcsec) {
      const { association, reliability } = rule;
      matches.push({ rule, radiusArcsec, association, reliability });
    }
  }
  return matches;
}

/** The largest distance at which any rule still holds, arcsec; 0 if none speaks of the source. */
export function largestRadiusArcsec(facts: SourceFacts): number {
  let largest = 0;
  for (const rule of RULES) {
    if (!isSpokenOf(rule.of, facts)) continue;
    const synonym = rule.synonym === null ? 0 : SYNONYM_ARCSEC;
    largest = Math.max(largest, synonym, ruleRadiusArcsec(rule.radius, facts));
  }
  return largest;
}

/** Whether a source is what a condition asks for. */
export function isSpokenOf(of: Condition, facts: SourceFacts): boolean {
  const { mag, distance } = facts;
  return (
    of.types.includes(facts.type) &&
    (of.distance === undefined || of.distance.includes(distance?.kind ?? 'none')) &&
    (of.nearerThanMpc === undefined || (distance !== null && distance.mpc < of.nearerThanMpc)) &&
    (of.hasSize === undefined || of.hasSize === (facts.semiMajorArcsec !== null)) &&
    (of.hasMag === undefined || of.hasMag === (mag !== null)) &&
    (of.brighterThan === undefined || (mag !== null && mag <= of.brighterThan)) &&
    (of.fainterThan === undefined || (mag !== null && mag > of.fainterThan)) &&
    (of.movesFasterThan === undefined ||
      (facts.properMotion !== null && facts.properMotion > of.movesFasterThan)) &&
    (of.isConfirmedStar === undefined || of.isConfirmedStar === facts.isConfirmedStar)
  );
}

function ruleRadiusArcsec(radius: Radius, facts: SourceFacts): number {
  const { mag, distance, semiMajorArcsec, properMotion } = facts;
  let smallest = radius.arcsec ?? Infinity;
  if (radius.kpc !== undefined && distance !== null) {
    smallest = Math.min(smallest, radius.kpc / distance.kpcPerArcsec);
  }
  if (radius.semiMajorAxes !== undefined && semiMajorArcsec !== null) {
    smallest = Math.min(smallest, radius.semiMajorAxes * semiMajorArcsec);
  }
  if (radius.byMag !== undefined && mag !== null) {
    smallest = Math.min(smallest, interpolate(radius.byMag, mag));
  }
  if (radius.years !== undefined && properMotion !== null) {
    smallest = Math.min(smallest, (radius.years * properMotion) / 1_000);
  }
  return Math.max(smallest, radius.atLeastArcsec ?? 0);
}

function interpolate(points: readonly (readonly [number, number])[], x: number): number {
  const next = points.findIndex(([at]) => at >= x);
  if (next === 0) return points[0][1];
  if (next < 0) return points[points.length - 1][1];
  const [x0, y0] = points[next - 1];
  const [x1, y1] = points[next];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
