/** What the groups common to both surveys must know of one. */
export interface SurveyBands {
  /** Letters of the bands from blue to red, in the order of `ObjectCurve.bands`. */
  bands: string;
  /** The scale of its MJD, for the columns' descriptions. */
  timeScale: 'UTC' | 'TAI';
  /**
   * Days to be added to an MJD so that its whole number changes by day at the telescope, and one
   * night has one number.
   */
  nightShiftDays: number;
  /** What a non-detection is, for the columns' descriptions. */
  nonDetection: string;
}

/** At Palomar, 8 hours behind UTC, 0h UTC falls in the afternoon. */
export const ZTF_SURVEY: SurveyBands = {
  bands: 'gri',
  timeScale: 'UTC',
  nightShiftDays: 0,
  nonDetection: 'an exposure that covered the object and did not show it',
};

/** At Cerro Pachon, 4 hours behind UTC, 12h UTC falls in the morning. */
export const LSST_SURVEY: SurveyBands = {
  bands: 'ugrizy',
  timeScale: 'TAI',
  nightShiftDays: 0.5,
  nonDetection: 'a visit without a detection, with forced photometry within 5 sigma of nothing',
};
