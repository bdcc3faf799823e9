import { z } from 'zod';

import { parsePosition } from '../../common/astro/position-text.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { ShapeSchema, ShapesSchema } from '../../common/moc/shapes.ts';
import type { Shape } from '../../common/moc/shapes.ts';
import { field } from '../accounts/form-fields.ts';
import { parseInput } from '../parse-input.ts';

const MOST_SHAPES_TEXT = 500_000;
const UNITS = { deg: 1, arcmin: 60, arcsec: 3600 } as const;

/** The fields of the drawing form, as they were written. */
const DrawForm = z.object({
  /** Shapes so far, as JSON. */
  shapes: field(MOST_SHAPES_TEXT),
  /** The button: `add:circle`, `subtract:box`, `remove:3`, `preview` or `save`. */
  do: field(40),
  circle_centre: field(200),
  circle_radius: field(40),
  circle_unit: z.enum(['deg', 'arcmin', 'arcsec']).default('deg'),
  polygon_vertices: field(100_000),
  box_centre: field(200),
  box_width: field(40),
  box_height: field(40),
  box_angle: field(40),
  limits_ra_from: field(40),
  limits_ra_to: field(40),
  limits_dec_from: field(40),
  limits_dec_to: field(40),
});
export type DrawForm = z.infer<typeof DrawForm>;

/** @throws {InvalidInputError} for a form that is not ours. */
export function readDrawForm(body: unknown): DrawForm {
  return parseInput(DrawForm, body ?? {});
}

/**
 * The shapes that the form carries.
 *
 * @throws {InvalidInputError} for what the form itself never holds.
 */
export function shapesOf({ shapes }: DrawForm): Shape[] {
  if (shapes.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(shapes);
  } catch (err) {
    throw new InvalidInputError('The shapes are not JSON: draw them anew.', { cause: err });
  }
  return Array.isArray(value) && value.length === 0 ? [] : parseInput(ShapesSchema, value);
}

/**
 * The shapes after the button was pressed, and the form's fields for the next one: those of a shape
 * that was taken are empty again.
 *
 * @throws {InvalidInputError} for what was written wrongly.
 */
export function pressButton(form: DrawForm): { shapes: Shape[]; form: DrawForm } {
  const shapes = shapesOf(form);
  const [action, which] = form.do.split(':');
  if (action === 'remove') return { shapes: shapes.filter((_, i) => String(i) !== which), form };
  if (action !== 'add' && action !== 'subtract') return { shapes, form };
  const shape = shapeOf(form, which, action);
  return { shapes: parseInput(ShapesSchema, [...shapes, shape]), form: emptied(form, which) };
}

/** What a shape is, for people. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'circle':
      return `circle around ${place(shape)}, radius ${size(shape.radius)}`;
    case 'polygon':
      return `polygon of ${shape.vertices.length} vertices from ${number(shape.vertices[0][0])} ${number(shape.vertices[0][1])}`;
    case 'box':
      return `box around ${place(shape)}, ${size(shape.width)} wide and ${size(shape.height)} high${shape.angle === 0 ? '' : `, turned by ${number(shape.angle)}°`}`;
    case 'limits':
      return `RA ${number(shape.raFrom)}° to ${number(shape.raTo)}°, Dec ${number(shape.decFrom)}° to ${number(shape.decTo)}°`;
  }
}

function shapeOf(form: DrawForm, kind: string | undefined, use: 'add' | 'subtract'): Shape {
  const degrees = (text: string, what: string) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value)) throw new InvalidInputError(`${what} is a number of degrees.`);
    return value;
  };
  switch (kind) {
    case 'circle': {
      const { ra, dec } = position(form.circle_centre, 'The centre of the circle');
      const radius = Number(form.circle_radius.trim() || NaN) / UNITS[form.circle_unit];
      if (!Number.isFinite(radius)) throw new InvalidInputError('The radius is a number.');
      return parseInput(ShapeSchema, { kind, use, ra, dec, radius });
    }
    case 'polygon': {
      const lines = form.polygon_vertices.split('\n').filter((line) => line.trim() !== '');
      const vertices = lines.map((line, i) => {
        const { ra, dec } = position(line, `Vertex ${i + 1}`);
        return [ra, dec];
      });
      if (vertices.length < 3) {
        throw new InvalidInputError('A polygon has three vertices or more, each on a line.');
      }
      return parseInput(ShapeSchema, { kind, use, vertices });
    }
    case 'box':
      return parseInput(ShapeSchema, {
        kind,
        use,
        ...position(form.box_centre, 'The centre of the box'),
        width: degrees(form.box_width, 'The width'),
        height: degrees(form.box_height, 'The height'),
        angle: form.box_angle.trim() === '' ? 0 : degrees(form.box_angle, 'The angle'),
      });
    case 'limits':
      return parseInput(ShapeSchema, {
        kind,
        use,
        raFrom: degrees(form.limits_ra_from, 'The first right ascension'),
        raTo: degrees(form.limits_ra_to, 'The last right ascension'),
        decFrom: degrees(form.limits_dec_from, 'The lower declination'),
        decTo: degrees(form.limits_dec_to, 'The higher declination'),
      });
    default:
      throw new InvalidInputError('A shape is a circle, a polygon, a box or limits.');
  }
}

function emptied(form: DrawForm, kind: string | undefined): DrawForm {
  const kept = Object.entries(form).filter(
    ([name]) => !name.startsWith(`${kind}_`) || name === 'circle_unit',
  );
  return DrawForm.parse(Object.fromEntries(kept));
}

function position(text: string, what: string): { ra: number; dec: number } {
  const parsed = parsePosition(text);
  if (parsed === undefined || parsed.radiusArcsec !== undefined) {
    throw new InvalidInputError(
      `${what} is a position: two numbers of degrees, or 10h12m30s -00d30m; “${text.trim().slice(0, 60)}” is none.`,
    );
  }
  return { ra: parsed.ra, dec: parsed.dec };
}

function place({ ra, dec }: { ra: number; dec: number }): string {
  return `${number(ra)} ${number(dec)}`;
}

function size(degrees: number): string {
  if (degrees >= 1) return `${number(degrees)}°`;
  return degrees * 60 >= 1 ? `${number(degrees * 60)}′` : `${number(degrees * 3600)}″`;
}

function number(value: number): string {
  return String(Number(value.toFixed(5)));
}
