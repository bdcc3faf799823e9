import { InvalidInputError, NotFoundError } from '../errors.ts';
import { readStamp } from '../fits/image.ts';
import { renderStampJpeg } from '../fits/render-stamp.ts';
import { lsstStampView, ztfStampView } from '../fits/stamp-view.ts';
import { readCutout } from './cutouts.ts';
import type { CutoutKind } from './cutouts.ts';
import type { StampCache } from './stamp-cache.ts';
import type { StampSource } from './stamp-sources.ts';

/** Side of the pictures: two screen pixels for each of ZTF's. */
const STAMP_PX = 126;

/**
 * The picture of a cutout, from the cache or rendered.
 *
 * @throws {NotFoundError} if there is no such cutout any more, or it cannot be read.
 */
export async function stampJpeg(
  cache: StampCache,
  cutoutDir: string,
  source: StampSource,
  kind: CutoutKind,
): Promise<Buffer> {
  const { survey, night, id } = source;
  return cache.get({ survey, night, id, kind }, () => renderStamp(cutoutDir, source, kind, 0));
}

/**
 * The picture of one HDU of a cutout.
 *
 * @param hdu - 0 is the image; for Rubin 1 is its variance and 2 the point-spread function.
 * @throws {NotFoundError} as `stampJpeg`, or if there is no such HDU.
 */
export async function renderStamp(
  cutoutDir: string,
  { survey, id, location, place }: StampSource,
  kind: CutoutKind,
  hdu: number,
): Promise<Buffer> {
  const bytes = await readCutout(cutoutDir, location, kind);
  try {
    const stamp = readStamp(bytes);
    const view = survey === 'ztf' ? ztfStampView(stamp, place) : lsstStampView(stamp);
    if (hdu === 0) return await renderStampJpeg(stamp, STAMP_PX, view);
    const image = stamp.otherHdus.at(hdu - 1);
    if (image === undefined) throw new NotFoundError(`The ${kind} cutout has no HDU ${hdu}.`);
    // Variance and point-spread function lie on the sky as the image does; only the former is as large.
    const isSameGrid = image.width === stamp.width && image.height === stamp.height;
    return await renderStampJpeg(image, STAMP_PX, isSameGrid ? view : { sky: view.sky });
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    throw new NotFoundError(`The ${kind} cutout of ${id} came damaged: ${err.message}.`, {
      cause: err,
    });
  }
}
