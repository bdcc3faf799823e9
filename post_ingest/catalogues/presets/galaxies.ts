import { parseFixedLayout } from '../../../common/formats/fixed-text.ts';
import { catalogueMap, PLAIN_TEXT } from '../catalogue-map.ts';

/**
 * GLADE+: the file `GLADE+.txt`, 40 values between blanks. The distance counts as such only where it
 * was measured, and the redshift as spectroscopic only where it is.
 */
export const GLADE_PLUS = catalogueMap({
  title: 'GLADE+ (Dálya et al. 2022)',
  kind: 'galaxy',
  id: 'GLADE',
  ra: { column: 'RA' },
  decl: { column: 'Dec' },
  fields: {
    B: { column: 'B' },
    BErr: { column: 'B_err' },
    J: { column: 'J' },
    JErr: { column: 'J_err' },
    H: { column: 'H' },
    HErr: { column: 'H_err' },
    K: { column: 'K' },
    KErr: { column: 'K_err' },
    z: { column: 'z_helio', when: { column: 'dist_flag', is: /^[23]$/ } },
    photoZ: { column: 'z_helio', when: { column: 'dist_flag', is: /^1$/ } },
    photoZErr: { column: 'z_err', when: { column: 'dist_flag', is: /^1$/ } },
    distanceMpc: { column: 'd_L', when: { column: 'dist_flag', is: /^2$/ } },
  },
  types: [{ column: 'type', is: /^Q/, type: 'agn' }],
  mainBands: ['B', 'K', 'J', 'H'],
  kept: [{ column: 'HyperLEDA', name: 'hyperleda', type: 'text' }],
  text: {
    ...PLAIN_TEXT,
    headless: {
      delimiter: ' ',
      columns:
        'GLADE PGC GWGC HyperLEDA 2MASS WISExSCOS SDSS-DR16Q type RA Dec B B_err B_flag B_abs J J_err H H_err K K_err W1 W1_err W2 W2_err W1_flag B_J B_J_err z_helio z_cmb z_flag v_err z_err d_L d_L_err dist_flag M* M*_err M*_flag rate rate_err'.split(
          ' ',
        ),
    },
  },
});

/**
 * NED Local Volume Sample: its FITS table. The semi-major axis is half of the diameter, in the
 * releases that have one. Distances that only say the redshift again are left out.
 */
export const NED_LVS = catalogueMap({
  title: 'NED Local Volume Sample (Cook et al. 2023)',
  kind: 'galaxy',
  id: 'objname',
  ra: { column: 'ra' },
  decl: { column: 'dec' },
  fields: {
    J: { column: 'm_J' },
    JErr: { column: 'm_J_unc' },
    H: { column: 'm_H' },
    HErr: { column: 'm_H_unc' },
    K: { column: 'm_Ks' },
    KErr: { column: 'm_Ks_unc' },
    z: { column: 'z', when: { column: 'z_tech', is: /^(?!PHOT)/i } },
    photoZ: { column: 'z', when: { column: 'z_tech', is: /^PHOT/i } },
    photoZErr: { column: 'z_unc', when: { column: 'z_tech', is: /^PHOT/i } },
    distanceMpc: { column: 'DistMpc', when: { column: 'DistMpc_method', is: /^zIndependent/i } },
    majorAxisArcsec: { column: 'Diam', factor: 0.5 },
  },
  types: [{ column: 'objtype', is: /^Q/, type: 'agn' }],
  mainBands: ['K', 'H', 'J'],
  kept: [{ column: 'objtype', name: 'objtype', type: 'text' }],
});

/**
 * Milliquas: its text file (fixed columns up to the redshift, the same in all versions), its FITS
 * table, and VizieR VII/294. The first letter of the type says what the source was classified as;
 * those of which only radio or X-rays are known (R, X, 2) are left open.
 */
export const MILLIQUAS = catalogueMap({
  title: 'Million Quasars Catalogue (Flesch 2023)',
  kind: 'agn',
  id: ['NAME', 'Name'],
  ra: { column: ['RA', 'RAJ2000'] },
  decl: { column: ['DEC', 'DEJ2000'] },
  fields: {
    R: { column: ['RMAG', 'Rmag'], missing: 0 },
    B: { column: ['BMAG', 'Bmag'], missing: 0 },
    z: { column: ['Z', 'z'] },
  },
  types: [
    { column: 'TYPE', is: /^[QABKNLMq]/, type: 'agn' },
    { column: 'TYPE', is: /^S/, type: 'star' },
  ],
  otherwise: 'other',
  mainBands: ['R', 'B'],
  kept: [{ column: 'TYPE', name: 'qsoType', type: 'text' }],
  fixed: [
    parseFixedLayout(
      'RA 1-11, DEC 13-23, NAME 26-50, TYPE 52-55, RMAG 57-60, BMAG 62-65, COMMENT 67-69, R 71, B 73, Z 76-81',
    ),
  ],
});
