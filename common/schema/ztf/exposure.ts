/** What candidates, non-detections and forced photometry say alike, in the columns' notation. */
export const OBJECT_ID = `
  objectId! name(16) - meta.id;meta.main ZTF name of the object, such as ZTF21abiuvdk: detections
    | within 1.5 arcsec share it.`;

/** The exposure; `pid` stands apart, being part of some keys. */
export const EXPOSURE = `
  jd double d time.start;obs.exposure Start of the exposure: Julian Date, UTC.
  fid int - instr.bandpass Band: 1 g, 2 r, 3 i.
  diffmaglim float mag phot.mag;instr.sensitivity Faintest point source (5 sigma) that the
    | difference image would have shown.
  programid int - meta.id;obs.proposal Whose observing time: 1 public, 2 ZTF partnership, 3
    | Caltech.
  rcid int - meta.id;instr.det Quadrant of the camera, 0 to 63: four for each of 16 CCDs.
  field int - meta.id;obs.field Number of the field in the fixed ZTF grid; from 1000 on the
    | secondary grid.`;

export const PID_MEANING =
  'Number of the processed science image; unlike nid, field and rcid it names one exposure.';

export const NID = `
  nid int - time.epoch;obs Night: whole days since 2017-01-01 UTC.`;

export const ZERO_POINT = `
  magzpsci float mag phot.mag;arith.zp Zero point of the science image: mag = magzpsci - 2.5
    | log10(DN).
  magzpsciunc float mag stat.error;phot.mag;arith.zp Uncertainty of magzpsci.
  magzpscirms float mag stat.rms;phot.mag;arith.zp Scatter of single calibration stars about
    | magzpsci.`;

export const COLOUR_TERM = `
  clrcoeff float - phot.calib;phot.color Colour term: calibrated magnitude gained per magnitude of
    | Pan-STARRS colour (g-r for g and r, r-i for i).
  clrcounc float - stat.error;phot.calib Uncertainty of clrcoeff.`;

/** The nearest source in the reference image; its distance comes in other units from table to table. */
export const REFERENCE_SOURCE = `
  ranr double deg pos.eq.ra Right ascension of the nearest source in the reference image, ICRS.
  decnr double deg pos.eq.dec Declination of the nearest source in the reference image, ICRS.
  magnr float mag phot.mag Magnitude of the nearest source in the reference image: what was there
    | before.
  sigmagnr float mag stat.error;phot.mag Uncertainty of magnr.
  chinr float - stat.fit.goodness DAOPHOT chi of the nearest reference source: near 1 for a clean
    | point source.
  sharpnr float - src.morph.param DAOPHOT sharpness of the nearest reference source: near 0 for a
    | star, positive if extended, negative for a blemish.`;
