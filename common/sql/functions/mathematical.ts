import { describeFunctions } from './signature.ts';

/** Functions of numbers. */
export const MATHEMATICAL = describeFunctions(
  'scalar',
  `
  ABS(x number) numeric Absolute value.
  SIGN(x number) int -1, 0 or 1.
  CEIL(x number) whole The smallest whole number that is not below x.
  CEILING(x number) whole The smallest whole number that is not below x.
  FLOOR(x number) whole The largest whole number that is not above x.
  ROUND(x number, digits number?) numeric Rounded to so many digits after the point; to a whole number without digits.
  TRUNCATE(x number, digits number) numeric Cut to so many digits after the point, towards zero.
  MOD(x number, y number) arithmetic Remainder of x / y, with the sign of x; NULL if y is 0.
  POW(x number, y number) double x to the power of y.
  POWER(x number, y number) double x to the power of y.
  SQRT(x number) double Square root; NULL below 0.
  EXP(x number) double e to the power of x.
  LN(x number) double Natural logarithm; NULL for 0 and below.
  LOG(x number, y number?) double Natural logarithm of x; with two arguments the logarithm of y to the base x.
  LOG10(x number) double Logarithm to the base 10; NULL for 0 and below.
  LOG2(x number) double Logarithm to the base 2; NULL for 0 and below.
  SIN(x number) double Sine of x in radians.
  COS(x number) double Cosine of x in radians.
  TAN(x number) double Tangent of x in radians.
  COT(x number) double Cotangent of x in radians.
  ASIN(x number) double Angle in radians whose sine is x.
  ACOS(x number) double Angle in radians whose cosine is x.
  ATAN(x number, y number?) double Angle in radians whose tangent is x, or x / y by the signs of both.
  ATAN2(y number, x number) double Angle in radians whose tangent is y / x, by the signs of both.
  DEGREES(x number) double Radians in degrees.
  RADIANS(x number) double Degrees in radians.
  PI() double 3.14159...
  RAND(seed whole?) double A random number between 0 and 1: other ones on every page, unless a seed is given.
  LEAST(x any, y any, z any...) common The smallest; NULL if one of them is.
  GREATEST(x any, y any, z any...) common The largest; NULL if one of them is.`,
);
