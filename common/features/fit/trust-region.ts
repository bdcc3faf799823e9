import { normOf, triangularise } from './householder.ts';

/** A step may be this much longer or shorter than the region allows. */
const SLACK = 0.1;
const MAX_TRIALS = 10;

/** Minimise | triangle step - target |, with the unknowns in the order of the triangle's columns. */
export interface LinearProblem {
  count: number;
  /** Upper triangle, column by column, `stride` numbers each. */
  triangle: Float64Array;
  stride: number;
  target: Float64Array;
  /** What a step is multiplied with before its length is taken. */
  scale: Float64Array;
}

export interface TrustStep {
  step: Float64Array;
  /** Levenberg-Marquardt parameter that gives it; 0 for the step of Gauss and Newton. */
  damping: number;
}

/**
 * The best step that is no longer than the radius.
 *
 * @param damping - That of the step before: where to begin.
 * @see Moré 1978, Lecture Notes in Mathematics 630, 105, section 5.
 */
export function trustRegionStep(
  problem: LinearProblem,
  radius: number,
  damping: number,
): TrustStep {
  const step = solveTriangle(problem);
  let excess = lengthOf(step, problem.scale) - radius;
  if (excess <= SLACK * radius) return { step, damping: 0 };

  const steepness = scaledGradient(problem);
  let highest = steepness / radius || Number.MIN_VALUE / Math.min(radius, SLACK);
  let lowest = isSingular(problem) ? 0 : newtonTerm(problem, step, radius);
  let trial = Math.min(Math.max(damping, lowest), highest);
  if (trial === 0) trial = steepness / (excess + radius);
  const damped = dampedProblem(problem);
  for (let i = 1; ; i++) {
    if (trial === 0) trial = Math.max(Number.MIN_VALUE, 0.001 * highest);
    damp(problem, trial, damped);
    const dampedStep = solveTriangle(damped);
    const before = excess;
    excess = lengthOf(dampedStep, problem.scale) - radius;
    const isClose = !(Math.abs(excess) > SLACK * radius);
    const isTooShortAnyway = lowest === 0 && excess <= before && before < 0;
    if (isClose || isTooShortAnyway || i === MAX_TRIALS)
      return { step: dampedStep, damping: trial };
    if (excess > 0) lowest = Math.max(lowest, trial);
    else highest = Math.min(highest, trial);
    trial = Math.max(lowest, trial + newtonTerm(damped, dampedStep, radius));
  }
}

/** Length of a vector after multiplication with the scale. */
export function lengthOf(vector: Float64Array, scale: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < vector.length; j++) sum += (scale[j] * vector[j]) ** 2;
  return Math.sqrt(sum);
}

function isSingular({ count, triangle, stride }: LinearProblem): boolean {
  for (let j = 0; j < count; j++) if (triangle[j * stride + j] === 0) return true;
  return false;
}

/** Unknowns on which nothing depends are 0. */
function solveTriangle({ count, triangle, stride, target }: LinearProblem): Float64Array {
  const solution = target.slice(0, count);
  for (let j = count - 1; j >= 0; j--) {
    const diagonal = triangle[j * stride + j];
    solution[j] = diagonal === 0 ? 0 : solution[j] / diagonal;
    for (let i = 0; i < j; i++) solution[i] -= triangle[j * stride + i] * solution[j];
  }
  return solution;
}

/** Newton's correction of the damping, from how the length of its step falls with it. */
function newtonTerm(problem: LinearProblem, step: Float64Array, radius: number): number {
  const { count, triangle, stride, scale } = problem;
  const length = lengthOf(step, scale);
  const solution = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let sum = (scale[j] * scale[j] * step[j]) / length;
    for (let i = 0; i < j; i++) sum -= triangle[j * stride + i] * solution[i];
    const diagonal = triangle[j * stride + j];
    solution[j] = diagonal === 0 ? 0 : sum / diagonal;
  }
  return (length - radius) / radius / normOf(solution) ** 2;
}

function scaledGradient({ count, triangle, stride, target, scale }: LinearProblem): number {
  const gradient = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i <= j; i++) gradient[j] += triangle[j * stride + i] * target[i];
    gradient[j] /= scale[j];
  }
  return normOf(gradient);
}

/** Room for a problem with as many equations again below it. */
function dampedProblem({ count, scale }: LinearProblem): LinearProblem {
  const stride = 2 * count;
  const triangle = new Float64Array(stride * count);
  return { count, triangle, stride, target: new Float64Array(stride), scale };
}

/** Fills `damped` with the problem and `sqrt(damping) scale step = 0` below it. */
function damp(problem: LinearProblem, damping: number, damped: LinearProblem): void {
  const { count, scale } = problem;
  const { triangle, stride, target } = damped;
  const root = Math.sqrt(damping);
  triangle.fill(0);
  target.fill(0);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i <= j; i++)
      triangle[j * stride + i] = problem.triangle[j * problem.stride + i];
    triangle[j * stride + count + j] = root * scale[j];
    target[j] = problem.target[j];
  }
  triangularise(triangle, stride, count, target);
}
