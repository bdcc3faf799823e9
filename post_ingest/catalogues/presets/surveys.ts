import { catalogueMap, PLAIN_TEXT } from '../catalogue-map.ts';
import type { FieldSource } from '../catalogue-map.ts';

/** The five bands of a survey: magnitude and error of each, by the names of its releases. */
function bands(
  letters: string,
  names: (letter: string) => { mag: string[]; err: string[] },
): Record<string, FieldSource> {
  return Object.fromEntries(
    [...letters].flatMap((letter) => [
      [`_${letter}`, { column: names(letter).mag }],
      [`_${letter}Err`, { column: names(letter).err }],
    ]),
  );
}

/**
 * Pan-STARRS DR2 from MAST, with the star/galaxy score of Tachibana & Miller joined by `objID`; PS1-STRM;
 * VizieR II/349. A score of 0.83 and more is a star (that paper's recommendation), below 0.5 a galaxy;
 * without a score, a source that is brighter by 0.05 mag in Kron's aperture than as a point is a galaxy.
 */
export const PANSTARRS = catalogueMap({
  title: 'Pan-STARRS1 DR2 (Chambers et al. 2016; Tachibana & Miller 2018)',
  kind: 'mixed',
  id: ['objID', 'objid'],
  ra: { column: ['raMean', 'raStack', 'RAJ2000', 'ra'] },
  decl: { column: ['decMean', 'decStack', 'DEJ2000', 'dec'] },
  fields: {
    ...bands('grizy', (letter) => ({
      mag: [`${letter}MeanPSFMag`, `${letter}PSFMag`, `${letter}mag`],
      err: [`${letter}MeanPSFMagErr`, `${letter}PSFMagErr`, `e_${letter}mag`],
    })),
    starScore: { column: ['ps_score', 'prob_Star'] },
    photoZ: { column: 'z_phot' },
    photoZErr: { column: 'z_photErr' },
  },
  types: [
    { column: 'class', is: /^STAR/i, type: 'star' },
    { column: 'class', is: /^GALAXY/i, type: 'galaxy' },
    { column: 'class', is: /^QSO/i, type: 'agn' },
    { value: 'ps_score', from: 0.83, to: 1.01, type: 'star' },
    { value: 'ps_score', from: 0, to: 0.5, type: 'galaxy' },
    { value: 'ps_score', from: 0.5, to: 0.83, type: 'other' },
    {
      value: ['iMeanPSFMag', 'iPSFMag', 'imag'],
      minus: ['iMeanKronMag', 'iKronMag', 'iKmag'],
      from: -5,
      to: 0.05,
      type: 'star',
    },
    {
      value: ['iMeanPSFMag', 'iPSFMag', 'imag'],
      minus: ['iMeanKronMag', 'iKronMag', 'iKmag'],
      from: 0.05,
      to: 10,
      type: 'galaxy',
    },
  ],
  mainBands: ['_r', '_i', '_g', '_z', '_y'],
});

/**
 * SDSS: a table of CasJobs with photometry and, where there is one, the spectrum (docs/catalogues.md
 * has the query), and VizieR V/154. The spectrum says what a source is before the image does. A column
 * that is called only `z` is not read: it is a magnitude in one table of SDSS and a redshift in another.
 */
export const SDSS = catalogueMap({
  title: 'Sloan Digital Sky Survey (DR16 and later)',
  kind: 'mixed',
  id: ['objID', 'objid'],
  ra: { column: ['ra', 'RA_ICRS', 'RAJ2000'] },
  decl: { column: ['dec', 'DE_ICRS', 'DEJ2000'] },
  fields: {
    ...bands('ugriz', (letter) => ({
      mag: [`modelMag_${letter}`, `${letter}mag`],
      err: [`modelMagErr_${letter}`, `e_${letter}mag`],
    })),
    z: { column: ['zsp', 'specz'] },
    photoZ: { column: ['zph', 'photoz'] },
    photoZErr: { column: ['e_zph', 'photozErr'] },
  },
  types: [
    { column: ['specClass', 'spCl'], is: /^QSO/i, type: 'agn' },
    { column: ['specClass', 'spCl'], is: /^GALAXY/i, type: 'galaxy' },
    { column: ['specClass', 'spCl'], is: /^STAR/i, type: 'star' },
    { column: ['type', 'class'], is: /^(?:3|GALAXY)$/i, type: 'galaxy' },
    { column: ['type', 'class'], is: /^(?:6|STAR)$/i, type: 'star' },
  ],
  mainBands: ['_r', '_i', '_g', '_z', '_u'],
});

/**
 * AllWISE sources: the files of IRSA (298 values between bars, no header), its exports and Parquet,
 * and VizieR II/328. Those that belong to an extended source of 2MASS are galaxies; of the rest the
 * catalogue does not say what they are.
 */
export const ALLWISE = catalogueMap({
  title: 'AllWISE Source Catalog (Cutri et al. 2013)',
  kind: 'mixed',
  id: ['designation', 'AllWISE'],
  ra: { column: ['ra', 'RAJ2000'] },
  decl: { column: ['dec', 'DEJ2000'] },
  fields: {
    mag: { column: ['w1mpro', 'W1mag'] },
    magErr: { column: ['w1sigmpro', 'e_W1mag'] },
    J: { column: ['j_m_2mass', 'Jmag'] },
    H: { column: ['h_m_2mass', 'Hmag'] },
    K: { column: ['k_m_2mass', 'Kmag'] },
  },
  types: [{ column: ['ext_flg', 'ex'], is: /^5/, type: 'galaxy' }],
  magFilter: 'W1',
  kept: [1, 2, 3, 4].map((band) => ({
    column: [`w${band}mpro`, `W${band}mag`],
    name: `W${band}`,
    type: 'double' as const,
  })),
  text: {
    ...PLAIN_TEXT,
    headless: {
      delimiter: '|',
      mayHaveMore: true,
      columns:
        'designation ra dec sigra sigdec sigradec glon glat elon elat wx wy cntr source_id coadd_id src w1mpro w1sigmpro w1snr w1rchi2 w2mpro w2sigmpro w2snr w2rchi2 w3mpro w3sigmpro w3snr w3rchi2 w4mpro w4sigmpro w4snr w4rchi2'.split(
          ' ',
        ),
    },
  },
});
