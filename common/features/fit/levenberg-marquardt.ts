import { normOf, triangularise } from './householder.ts';
import { lengthOf, trustRegionStep } from './trust-region.ts';
import type { LinearProblem } from './trust-region.ts';

/** Relative change of the sum of squares, or of the parameters, at which a fit is done. */
const TOLERANCE = 1.49012e-8;
/** First step at the most: this many times the scaled length of the parameters. */
const FIRST_RADIUS = 100;
/** Part of the predicted gain that a step must bring to be taken. */
const WORTH_TAKING = 1e-4;
/** A pivot that is this small a part of its column is rounding. */
const ROUNDING = 1e-14;
const DIFFERENCE = Math.sqrt(Number.EPSILON);

/** A sum of squares that is to be as small as can be. */
export interface LeastSquares {
  /** How many residuals there are: at least as many as parameters. */
  residualCount: number;
  /** Writes data minus model, over the standard error where the points have weights. */
  residuals(parameters: Float64Array, out: Float64Array): void;
  /**
   * Writes the derivatives of the residuals: parameter by parameter, `residualCount` numbers each.
   * Without it they are taken from differences.
   */
  jacobian?(parameters: Float64Array, out: Float64Array): void;
}

export interface FitOptions {
  /** Evaluations of the residuals after which to give up; a Jacobian counts as one per parameter. */
  maxEvaluations?: number;
  /** Least and greatest value of each parameter; equal ones hold it fixed. */
  lowest?: readonly number[];
  highest?: readonly number[];
}

export interface Fit {
  /** `limit`: the evaluations were used up. `failed`: residuals that are not finite, or too few. */
  outcome: 'converged' | 'limit' | 'failed';
  parameters: Float64Array;
  sumOfSquares: number;
  evaluations: number;
}

/** Where a fit stands. */
interface State {
  parameters: Float64Array;
  residuals: Float64Array;
  norm: number;
}

/** Memory that every step of a fit uses anew. */
interface Workspace {
  jacobian: Float64Array;
  target: Float64Array;
  /** Greatest length of each column of the Jacobian so far. */
  scale: Float64Array;
}

/**
 * Fits by the method of Levenberg and Marquardt in the form of Moré: steps within a region that is
 * trusted, scaled by the columns of the Jacobian. Choices and tolerances are those of MINPACK as
 * scipy's `leastsq` calls it, so that a fit from the same start ends in the same minimum. Bounds are
 * held by cutting steps at them and leaving out the parameters that press on them.
 *
 * @param start - Where to begin; brought within the bounds.
 * @see Moré 1978, Lecture Notes in Mathematics 630, 105.
 */
export function fitLeastSquares(
  problem: LeastSquares,
  start: ArrayLike<number>,
  options: FitOptions = {},
): Fit {
  const { maxEvaluations = 500 } = options;
  const count = start.length;
  const clamp = clampOf(options);
  let state = evaluate(problem, Float64Array.from(start, clamp));
  let evaluations = 1;
  const workspace = workspaceFor(problem, count);
  const { scale } = workspace;
  const finish = (outcome: Fit['outcome']): Fit => ({
    outcome,
    parameters: state.parameters,
    sumOfSquares: state.norm ** 2,
    evaluations,
  });
  if (problem.residualCount < count || !Number.isFinite(state.norm)) return finish('failed');
  if (state.norm === 0) return finish('converged');

  let radius = 0;
  let damping = 0;
  for (let isFirst = true; ; isFirst = false) {
    const { linear, order } = linearise(problem, state, options, workspace);
    evaluations += count;
    if (isFirst) radius = FIRST_RADIUS * (lengthOf(state.parameters, scale) || 1);
    for (let gainRatio = 0; gainRatio < WORTH_TAKING;) {
      const { norm, parameters } = state;
      const trust = trustRegionStep(linear, radius, damping);
      damping = trust.damping;
      const moved = parameters.slice();
      const step = new Float64Array(count);
      for (let k = 0; k < order.length; k++) {
        const j = order[k];
        moved[j] = clamp(parameters[j] + trust.step[k], j);
        step[j] = moved[j] - parameters[j];
      }
      const length = lengthOf(step, scale);
      if (!Number.isFinite(length)) return finish('failed');
      if (isFirst) radius = Math.min(radius, length);
      const trial = evaluate(problem, moved);
      evaluations++;
      const gain = 0.1 * trial.norm < norm ? 1 - (trial.norm / norm) ** 2 : -1;
      const linearPart = (predictedChange(linear, order, step) / norm) ** 2;
      const dampedPart = damping * (length / norm) ** 2;
      const predicted = linearPart + 2 * dampedPart;
      gainRatio = predicted > 0 ? gain / predicted : 0;
      if (gainRatio <= 0.25) {
        const slope = -(linearPart + dampedPart);
        let shrink = gain >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * gain);
        if (!(0.1 * trial.norm < norm && shrink >= 0.1)) shrink = 0.1;
        radius = shrink * Math.min(radius, 10 * length);
        damping /= shrink;
      } else if (damping === 0 || gainRatio >= 0.75) {
        radius = 2 * length;
        damping *= 0.5;
      }
      if (gainRatio >= WORTH_TAKING) state = trial;
      const isFlat = Math.abs(gain) <= TOLERANCE && predicted <= TOLERANCE && gainRatio <= 2;
      const isStill = radius <= TOLERANCE * lengthOf(state.parameters, scale);
      if (isFlat || isStill || state.norm === 0) return finish('converged');
      if (evaluations >= maxEvaluations) return finish('limit');
    }
  }
}

/**
 * Covariance of the parameters of a fit: the inverse of (Jacobian transposed times Jacobian), row by
 * row. It holds for residuals of unit variance; for points without weights multiply it with the
 * variance of one. Rows and columns of parameters that press on a bound are 0.
 *
 * @returns null where the data do not tell the parameters apart.
 */
export function parameterCovariance(
  problem: LeastSquares,
  parameters: Float64Array,
  options: FitOptions = {},
): Float64Array | null {
  const size = parameters.length;
  const state = evaluate(problem, parameters);
  const { linear, order } = linearise(problem, state, options, workspaceFor(problem, size));
  const { count, triangle, stride } = linear;
  for (let k = 0; k < count; k++) {
    const column = normOf(triangle, k * stride, k * stride + k + 1);
    if (!(Math.abs(triangle[k * stride + k]) > ROUNDING * column)) return null;
  }
  const covariance = new Float64Array(size * size);
  for (let k = 0; k < count; k++) {
    // One row of the inverse of R transposed R: solve twice for a unit vector.
    const row = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      let sum = i === k ? 1 : 0;
      for (let l = 0; l < i; l++) sum -= triangle[i * stride + l] * row[l];
      row[i] = sum / triangle[i * stride + i];
    }
    for (let i = count - 1; i >= 0; i--) {
      row[i] /= triangle[i * stride + i];
      for (let l = 0; l < i; l++) row[l] -= triangle[i * stride + l] * row[i];
    }
    row.forEach((value, i) => (covariance[order[k] * size + order[i]] = value));
  }
  return covariance;
}

function evaluate(problem: LeastSquares, parameters: Float64Array): State {
  const residuals = new Float64Array(problem.residualCount);
  problem.residuals(parameters, residuals);
  return { parameters, residuals, norm: normOf(residuals) };
}

function clampOf({ lowest, highest }: FitOptions): (value: number, j: number) => number {
  return (value, j) =>
    Math.min(Math.max(value, lowest?.[j] ?? -Infinity), highest?.[j] ?? Infinity);
}

function workspaceFor({ residualCount }: LeastSquares, count: number): Workspace {
  return {
    jacobian: new Float64Array(residualCount * count),
    target: new Float64Array(residualCount),
    scale: new Float64Array(count),
  };
}

/**
 * The problem as it looks from a state, without the parameters that press on a bound.
 *
 * @returns The unknown k of `linear` is the parameter `order[k]`.
 */
function linearise(
  problem: LeastSquares,
  state: State,
  options: FitOptions,
  { jacobian, target, scale }: Workspace,
): { linear: LinearProblem; order: number[] } {
  const rows = problem.residualCount;
  if (problem.jacobian) problem.jacobian(state.parameters, jacobian);
  else differences(problem, state, options, jacobian);
  const order: number[] = [];
  for (let j = 0; j < scale.length; j++) {
    const start = j * rows;
    scale[j] = Math.max(scale[j], normOf(jacobian, start, start + rows)) || 1;
    if (isPressing(j, jacobian, state, options)) continue;
    if (order.length < j) jacobian.copyWithin(order.length * rows, start, start + rows);
    order.push(j);
  }
  for (let i = 0; i < rows; i++) target[i] = -state.residuals[i];
  const count = order.length;
  triangularise(jacobian, rows, count, target, order);
  const ownScale = new Float64Array(count);
  for (let k = 0; k < count; k++) ownScale[k] = scale[order[k]];
  return { linear: { count, triangle: jacobian, stride: rows, target, scale: ownScale }, order };
}

/** Whether the fit would be better beyond the bound that a parameter is at. */
function isPressing(
  j: number,
  jacobian: Float64Array,
  { parameters, residuals }: State,
  { lowest, highest }: FitOptions,
): boolean {
  const isLowest = parameters[j] <= (lowest?.[j] ?? -Infinity);
  const isHighest = parameters[j] >= (highest?.[j] ?? Infinity);
  if (!isLowest && !isHighest) return false;
  const rows = residuals.length;
  let slope = 0;
  for (let i = 0; i < rows; i++) slope += jacobian[j * rows + i] * residuals[i];
  return (isLowest && slope >= 0) || (isHighest && slope <= 0);
}

/** The Jacobian from differences, within the bounds. */
function differences(
  problem: LeastSquares,
  { parameters, residuals }: State,
  { highest }: FitOptions,
  jacobian: Float64Array,
): void {
  const rows = problem.residualCount;
  const moved = parameters.slice();
  const there = new Float64Array(rows);
  for (const [j, value] of parameters.entries()) {
    const size = DIFFERENCE * Math.abs(value) || DIFFERENCE;
    moved[j] = value + size > (highest?.[j] ?? Infinity) ? value - size : value + size;
    problem.residuals(moved, there);
    for (let i = 0; i < rows; i++)
      jacobian[j * rows + i] = (there[i] - residuals[i]) / (moved[j] - value);
    moved[j] = value;
  }
}

/** Length of the change of the residuals that the linear problem predicts. */
function predictedChange(linear: LinearProblem, order: number[], step: Float64Array): number {
  const { count, triangle, stride } = linear;
  const change = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i <= k; i++) change[i] += triangle[k * stride + i] * step[order[k]];
  }
  return normOf(change);
}
