import { keyOf } from '../write/key.ts';
import { partsOf } from './parts.ts';
import type { Resolved } from './resolved.ts';

/**
 * Finds expressions that are the same as one of these, at any depth of a larger one. Written out are
 * only those of the same kind and size: however deep the larger one is, that takes time in proportion
 * to its length.
 *
 * @returns The index of the first that is the same, or undefined.
 */
export function findSame(known: readonly Resolved[]): (expression: Resolved) => number | undefined {
  const sizes = new WeakMap<Resolved, number>();
  const sizeOf = (one: Resolved): number => {
    const seen = sizes.get(one);
    if (seen !== undefined) return seen;
    let size = 1;
    for (const part of partsOf(one)) size += sizeOf(part);
    sizes.set(one, size);
    return size;
  };
  const shapes = new Map<string, Map<string, number>>();
  for (const [i, one] of known.entries()) {
    const shape = `${one.kind} ${sizeOf(one)}`;
    const keys = shapes.get(shape) ?? new Map<string, number>();
    shapes.set(shape, keys);
    const key = keyOf(one);
    if (!keys.has(key)) keys.set(key, i);
  }
  return (expression) => {
    const keys =
      shapes.size === 0 ? undefined : shapes.get(`${expression.kind} ${sizeOf(expression)}`);
    return keys?.get(keyOf(expression));
  };
}
