import sharp from 'sharp';

import type { LightCurve } from '../store/light-curves.ts';
import { lightCurveFigure } from './light-curve-figure.ts';
import { lightCurveSvg } from './light-curve-svg.ts';

/** As the site's light theme has them. */
const COLOURS = {
  u: '#6a3d9a',
  g: '#1b7837',
  r: '#c0392b',
  i: '#b35806',
  z: '#7f3b08',
  y: '#40004b',
  other: '#555555',
};
const FRAME_STYLE =
  'text{font:12px sans-serif;fill:#444}.grid{stroke:#ddd}.negative circle{fill:#fff}circle{stroke-width:1.5}';

/** The light curve as a PNG for mails: the site's own picture with its colours in it. */
export async function lightCurvePng(curve: LightCurve): Promise<Buffer> {
  const svg = lightCurveSvg(lightCurveFigure(curve));
  const bands = Object.entries(COLOURS).map(
    ([band, colour]) =>
      `.band-${band} circle,.band-${band} line{stroke:${colour};fill:${colour}}.limit.band-${band}{fill:none;stroke:${colour}}`,
  );
  const style = `<style>${bands.join('')}${FRAME_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>`;
  const whole = svg
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="400" ')
    .replace(/^<svg [^>]*>/, (head) => head + style);
  return sharp(Buffer.from(whole)).png({ palette: true }).toBuffer();
}
