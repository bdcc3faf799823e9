import { fluxNJy } from './light-curves.ts';
import type { Neighbour } from './neighbours.ts';
import { fitsData, fitsHeader, imageCards } from './fits-writer.ts';
import type { Card } from './fits-writer.ts';
import { addBlob, addNoise, createFrame, FWHM_PER_SIGMA, pixelNoise } from './pixels.ts';
import type { Blob, Frame } from './pixels.ts';
import type { SkyPoint } from './sky-geometry.ts';

export const LSST_PIXEL_SCALE = 0.2;
const PSF_SIDE = 41;
const TEMPLATE_PSF_SIDE = 55;

/** What the three cutouts of one Rubin alert show. */
export interface LsstScene extends SkyPoint {
  x: number;
  y: number;
  band: number;
  seeingArcsec: number;
  /** Pixels of a side. */
  side: number;
  /** Difference flux and its uncertainty, nJy. */
  fluxNJy: number;
  sigmaNJy: number;
  rotationDegrees: number;
  neighbours: readonly Neighbour[];
  noiseKey: number;
  templateKey: number;
}

export interface LsstStamps {
  science: Buffer;
  template: Buffer;
  difference: Buffer;
}

/**
 * The three cutouts of a Rubin alert: FITS files, not compressed, each with the image in nJy, its
 * variance and the point-spread function in HDUs of their own.
 */
export function lsstStamps(scene: LsstScene): LsstStamps {
  const { side } = scene;
  const [x, y] = [side / 2 + (scene.x % 1) - 0.5, side / 2 + (scene.y % 1) - 0.5];
  const fwhm = scene.seeingArcsec / LSST_PIXEL_SCALE;
  const templateFwhm = 0.85 / LSST_PIXEL_SCALE;
  const noise = pixelNoise(scene.sigmaNJy, fwhm);
  const templateNoise = noise * 0.3;

  const difference = createFrame(side, side);
  addNoise(difference, noise, 0, scene.noiseKey);
  addBlob(difference, { x, y, total: scene.fluxNJy, fwhm });
  const science: Frame = { width: side, height: side, pixels: difference.pixels.slice() };
  const template = createFrame(side, side);
  addNoise(template, templateNoise, 0, scene.templateKey);
  for (const neighbour of scene.neighbours) {
    addBlob(science, blobOf(scene, neighbour, x, y, fwhm));
    addBlob(template, blobOf(scene, neighbour, x, y, templateFwhm));
  }
  const header = imageHeader(scene);
  const psf = psfHdu(PSF_SIDE, fwhm);
  return {
    science: Buffer.concat([header, ...hdus(science, noise, scene.noiseKey + 1), psf]),
    template: Buffer.concat([
      header,
      ...hdus(template, templateNoise, scene.templateKey + 1),
      psfHdu(TEMPLATE_PSF_SIDE, templateFwhm),
    ]),
    difference: Buffer.concat([header, ...hdus(difference, noise * 1.04, scene.noiseKey + 2), psf]),
  };
}

function blobOf(scene: LsstScene, one: Neighbour, x: number, y: number, fwhm: number): Blob {
  const angle = (scene.rotationDegrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    // The header's matrix backwards: it is its own inverse.
    x: x + (s * one.north - c * one.east) / LSST_PIXEL_SCALE,
    y: y + (c * one.north + s * one.east) / LSST_PIXEL_SCALE,
    total: fluxNJy(one.mags[scene.band]),
    fwhm: one.isStar ? fwhm : Math.hypot(fwhm, (2 * one.radius) / LSST_PIXEL_SCALE),
  };
}

function imageHeader(scene: LsstScene): Buffer {
  const { side, rotationDegrees } = scene;
  const angle = (rotationDegrees * Math.PI) / 180;
  const degrees = LSST_PIXEL_SCALE / 3600;
  const [minX, minY] = [Math.floor(scene.x - side / 2), Math.floor(scene.y - side / 2)];
  return fitsHeader([
    ...imageCards(-32, side, side),
    ['EXTEND', true],
    ['CUTMINX', minX],
    ['CUTMINY', minY],
    ['ROTPA', rotationDegrees, 'angle of the focal plane, degrees'],
    ['BUNIT', 'nJy'],
    ['WCSAXES', 2],
    ['CRPIX1', side / 2 + (scene.x % 1) + 0.5],
    ['CRPIX2', side / 2 + (scene.y % 1) + 0.5],
    ['PC1_1', -degrees * Math.cos(angle)],
    ['PC1_2', degrees * Math.sin(angle)],
    ['PC2_1', degrees * Math.sin(angle)],
    ['PC2_2', degrees * Math.cos(angle)],
    ['CDELT1', 1],
    ['CDELT2', 1],
    ['CRVAL1', scene.ra],
    ['CRVAL2', scene.dec],
    ['LATPOLE', 90],
    ['MJDREF', 0],
  ]);
}

const varianceHeaders = new Map<number, Buffer>();

/** The image's data unit, and the HDU of its variance. */
function hdus(frame: Frame, noise: number, key: number): Buffer[] {
  const { width, height } = frame;
  let header = varianceHeaders.get(width);
  if (header === undefined) {
    const unit: Card = ['UTYPE', 'VarianceUncertainty'];
    header = fitsHeader([...imageCards(-32, width, height, 'UNCERT'), unit]);
    varianceHeaders.set(width, header);
  }
  const variance = createFrame(width, height);
  addNoise(variance, noise * noise * 0.01, noise * noise, key);
  return [fitsData(frame.pixels), header, fitsData(variance.pixels)];
}

const psfs = new Map<string, Buffer>();

/** A round Gaussian that sums to 1; widths are rounded, for many exposures share them. */
function psfHdu(side: number, fwhm: number): Buffer {
  const rounded = Math.round(fwhm * 20) / 20;
  const key = `${side}/${rounded}`;
  let bytes = psfs.get(key);
  if (bytes === undefined) {
    const sigma = rounded / FWHM_PER_SIGMA;
    const middle = (side - 1) / 2;
    const row = Float64Array.from({ length: side }, (_, n) =>
      Math.exp(-((n - middle) ** 2) / (2 * sigma * sigma)),
    );
    const sum = row.reduce((total, value) => total + value, 0) ** 2;
    const pixels = Float64Array.from(
      { length: side * side },
      (_, n) => (row[Math.floor(n / side)] * row[n % side]) / sum,
    );
    bytes = Buffer.concat([fitsHeader(imageCards(-64, side, side, 'PSFIMAGE')), fitsData(pixels)]);
    psfs.set(key, bytes);
  }
  return bytes;
}
