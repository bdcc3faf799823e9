import { expect } from 'chai';

import {
  fitLeastSquares,
  parameterCovariance,
} from '../../../../common/features/fit/levenberg-marquardt.ts';
import type { LeastSquares } from '../../../../common/features/fit/levenberg-marquardt.ts';

/** Misra1a of the NIST Statistical Reference Datasets: monomolecular adsorption, y by x. */
const MISRA1A: readonly (readonly [y: number, x: number])[] = [
  [10.07, 77.6],
  [14.73, 114.9],
  [17.94, 141.1],
  [23.93, 190.8],
  [29.61, 239.9],
  [35.18, 289.0],
  [40.02, 332.8],
  [44.82, 378.4],
  [50.76, 434.8],
  [55.05, 477.3],
  [61.01, 536.8],
  [66.4, 593.1],
  [75.47, 689.1],
  [81.78, 760.0],
];
const misra1a: LeastSquares = {
  residualCount: MISRA1A.length,
  residuals([a, b], out) {
    for (const [i, [y, x]] of MISRA1A.entries()) out[i] = y - a * (1 - Math.exp(-b * x));
  },
  jacobian([a, b], out) {
    for (const [i, [, x]] of MISRA1A.entries()) {
      out[i] = Math.exp(-b * x) - 1;
      out[MISRA1A.length + i] = -a * x * Math.exp(-b * x);
    }
  },
};

/** y = a + b x through points with standard errors. */
function line(points: readonly (readonly [x: number, y: number, err: number])[]): LeastSquares {
  return {
    residualCount: points.length,
    residuals([a, b], out) {
      for (const [i, [x, y, err]] of points.entries()) out[i] = (y - a - b * x) / err;
    },
  };
}

/** Rosenbrock's valley: the minimum is 0 at (1, 1). */
const valley: LeastSquares = {
  residualCount: 2,
  residuals([x, y], out) {
    out[0] = 10 * (y - x * x);
    out[1] = 1 - x;
  },
};

describe('fitLeastSquares', () => {
  it('finds the certified values of NIST Misra1a from both of its starts', () => {
    for (const start of [
      [500, 0.0001],
      [250, 0.0005],
    ]) {
      for (const problem of [misra1a, { ...misra1a, jacobian: undefined }]) {
        const { outcome, parameters, sumOfSquares } = fitLeastSquares(problem, start);
        expect(outcome).to.equal('converged');
        expect(parameters[0]).to.be.closeTo(2.3894212918e2, 1e-3);
        expect(parameters[1]).to.be.closeTo(5.5015643181e-4, 3e-9);
        expect(sumOfSquares).to.be.closeTo(1.2455138894e-1, 1e-10);
      }
    }
  });

  it('gives a straight line with weights as the normal equations do', () => {
    const points = [
      [0, 1.1, 0.1],
      [1, 2.9, 0.2],
      [2, 5.2, 0.1],
      [4, 8.8, 0.5],
    ] as const;
    const sum = (term: (x: number, y: number) => number) =>
      points.reduce((total, [x, y, err]) => total + term(x, y) / err ** 2, 0);
    const [s, sx, sxx, sy, sxy] = [
      sum(() => 1),
      sum((x) => x),
      sum((x) => x * x),
      sum((_, y) => y),
      sum((x, y) => x * y),
    ];
    const determinant = s * sxx - sx * sx;
    const problem = line(points);
    const { parameters } = fitLeastSquares(problem, [0, 0]);
    expect(parameters[0]).to.be.closeTo((sxx * sy - sx * sxy) / determinant, 1e-9);
    expect(parameters[1]).to.be.closeTo((s * sxy - sx * sy) / determinant, 1e-9);
    const covariance = parameterCovariance(problem, parameters);
    const expected = [sxx, -sx, -sx, s].map((value) => value / determinant);
    for (const [i, value] of expected.entries())
      expect(covariance?.[i]).to.be.closeTo(value, 1e-6 * Math.abs(value));
  });

  it('follows a curved valley to its end', () => {
    const { outcome, parameters } = fitLeastSquares(valley, [-1.2, 1]);
    expect(outcome).to.equal('converged');
    expect(parameters[0]).to.be.closeTo(1, 1e-8);
    expect(parameters[1]).to.be.closeTo(1, 1e-8);
  });

  it('stays within bounds, and finds the best place on them', () => {
    const { outcome, parameters } = fitLeastSquares(valley, [-1.2, 1], { highest: [0.5, 4] });
    expect(outcome).to.equal('converged');
    expect(parameters[0]).to.equal(0.5);
    expect(parameters[1]).to.be.closeTo(0.25, 1e-6);
    const held = fitLeastSquares(misra1a, [500, 4e-4], {
      lowest: [-Infinity, 4e-4],
      highest: [Infinity, 4e-4],
    });
    const shape = MISRA1A.map(([, x]) => 1 - Math.exp(-4e-4 * x));
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((total, value, i) => total + value * b[i], 0);
    const best =
      dot(
        shape,
        MISRA1A.map(([y]) => y),
      ) / dot(shape, shape);
    expect(held.parameters[1]).to.equal(4e-4);
    expect(held.parameters[0]).to.be.closeTo(best, 1e-6);
  });

  it('asks the model within the bounds only', () => {
    const asked: number[] = [];
    const problem: LeastSquares = {
      residualCount: 1,
      residuals([x], out) {
        asked.push(x);
        out[0] = 5 - x;
      },
    };
    const { parameters } = fitLeastSquares(problem, [9], { lowest: [0], highest: [2] });
    expect(parameters[0]).to.equal(2);
    expect(Math.min(...asked)).to.be.at.least(0);
    expect(Math.max(...asked)).to.be.at.most(2);
  });

  it('gives up after the evaluations it was allowed', () => {
    const { outcome, evaluations } = fitLeastSquares(valley, [-1.2, 1], { maxEvaluations: 12 });
    expect(outcome).to.equal('limit');
    expect(evaluations).to.be.within(12, 15);
  });

  it('says of parameters that the data do not tell apart that it does not know them', () => {
    const problem: LeastSquares = {
      residualCount: 3,
      residuals([a, b], out) {
        for (let i = 0; i < 3; i++) out[i] = 6 + i - 2 - a * b * (1 + i);
      },
    };
    const { outcome, parameters } = fitLeastSquares(problem, [1, 3]);
    expect(outcome).to.equal('converged');
    // Least squares of 4, 5, 6 against 1, 2, 3.
    expect(parameters[0] * parameters[1]).to.be.closeTo(32 / 14, 1e-6);
    expect(parameterCovariance({ ...problem, jacobian: productJacobian }, parameters)).to.equal(
      null,
    );
  });

  it('fails where there is nothing to fit, and is done where nothing is left', () => {
    const constant = (value: number): LeastSquares => ({
      residualCount: 2,
      residuals: (_, out) => void out.fill(value),
    });
    expect(fitLeastSquares(constant(NaN), [1]).outcome).to.equal('failed');
    expect(fitLeastSquares(constant(Infinity), [1]).outcome).to.equal('failed');
    expect(fitLeastSquares(constant(0), [1]).outcome).to.equal('converged');
    expect(fitLeastSquares(constant(1), [1]).outcome).to.equal('converged');
    expect(fitLeastSquares(constant(1), [1, 2, 3]).outcome).to.equal('failed');
  });
});

function productJacobian([a, b]: Float64Array, out: Float64Array): void {
  for (let i = 0; i < 3; i++) {
    out[i] = -b * (1 + i);
    out[3 + i] = -a * (1 + i);
  }
}
