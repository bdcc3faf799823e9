import { parseFixedLayout } from '../../../common/formats/fixed-text.ts';
import { catalogueMap, PLAIN_TEXT } from '../catalogue-map.ts';

/**
 * Gaia DR3 `gaia_source`: the files of the archive's download area (csv.gz, ECSV), VOTables of the
 * archive, and VizieR I/355. Positions are of epoch 2016.0. What the classifier of the Data Processing
 * Centre does not take for a star, and does not move, is left open: most of it is.
 */
export const GAIA_DR3 = catalogueMap({
  title: 'Gaia DR3 (Gaia Collaboration 2023)',
  kind: 'star',
  id: ['source_id', 'Source'],
  ra: { column: ['ra', 'RA_ICRS'] },
  decl: { column: ['dec', 'DE_ICRS'] },
  fields: {
    G: { column: ['phot_g_mean_mag', 'Gmag'] },
    GErr: { column: 'e_Gmag' },
    starScore: { column: ['classprob_dsc_combmod_star', 'Pstar'] },
    parallaxOverError: { column: ['parallax_over_error', 'RPlx'] },
    properMotion: { column: ['pm', 'PM'] },
  },
  types: [
    { value: ['parallax_over_error', 'RPlx'], from: 5, type: 'star' },
    { value: ['pm', 'PM'], from: 10, type: 'star' },
    { value: ['classprob_dsc_combmod_star', 'Pstar'], to: 0.5, type: 'other' },
  ],
  mainBands: ['G'],
  kept: [
    { column: ['parallax', 'Plx'], name: 'parallax', type: 'double' },
    { column: ['bp_rp', 'BP-RP'], name: 'bp_rp', type: 'double' },
  ],
});

/**
 * 2MASS point sources: the files `psc_*.gz` (60 values between bars, no header), exports of IRSA, and
 * VizieR II/246. Sources that belong to one of the Extended Source Catalog are galaxies.
 */
export const TWOMASS = catalogueMap({
  title: '2MASS Point Source Catalog (Skrutskie et al. 2006)',
  kind: 'star',
  id: ['designation', '2MASS', '_2MASS'],
  ra: { column: ['ra', 'RAJ2000'] },
  decl: { column: ['decl', 'dec', 'DEJ2000'] },
  fields: {
    J: { column: ['j_m', 'Jmag'] },
    JErr: { column: ['j_msigcom', 'e_Jmag'] },
    H: { column: ['h_m', 'Hmag'] },
    HErr: { column: ['h_msigcom', 'e_Hmag'] },
    K: { column: ['k_m', 'Kmag'] },
    KErr: { column: ['k_msigcom', 'e_Kmag'] },
  },
  types: [
    { column: 'ext_key', is: /^[1-9]/, type: 'galaxy' },
    { column: 'mp_flg', is: /^1/, type: 'other' },
  ],
  mainBands: ['K', 'J', 'H'],
  text: {
    ...PLAIN_TEXT,
    headless: {
      delimiter: '|',
      columns:
        'ra decl err_maj err_min err_ang designation j_m j_cmsig j_msigcom j_snr h_m h_cmsig h_msigcom h_snr k_m k_cmsig k_msigcom k_snr ph_qual rd_flg bl_flg cc_flg ndet prox pxpa pxcntr gal_contam mp_flg pts_key hemis date scan glon glat x_scan jdate j_psfchi h_psfchi k_psfchi j_m_stdap j_msig_stdap h_m_stdap h_msig_stdap k_m_stdap k_msig_stdap dist_edge_ns dist_edge_ew dist_edge_flg dup_src use_src a dist_opt phi_opt b_m_opt vr_m_opt nopt_mchs ext_key scan_key coadd_key coadd'.split(
          ' ',
        ),
    },
  },
});

const CV_TYPE = /(?:^|[+|/])(?:UG[A-Z]*|N|NA|NB|NC|NR|NL|AM|CV|DQ|IBWD)(?![A-Z])/;

/**
 * VSX: the file `vsx.dat` of CDS in the layouts it has had, and VizieR B/vsx. Entries flagged as not
 * variable or as doubles of others are left open.
 */
export const VSX = catalogueMap({
  title: 'AAVSO International Variable Star Index (Watson et al. 2006)',
  kind: 'variable',
  id: 'Name',
  ra: { column: ['RAdeg', 'RAJ2000', '_RAJ2000'] },
  decl: { column: ['DEdeg', 'DEJ2000', '_DEJ2000'] },
  fields: { mag: { column: 'max' }, magFilter: { column: 'n_max' } },
  types: [
    { column: 'V', is: /^[23]/, type: 'other' },
    { column: 'Type', is: /^(?:AGN|QSO|BLLAC|GAL)/, type: 'agn' },
    { column: 'Type', is: CV_TYPE, type: 'cv' },
    { column: 'Type', is: /^SN(?![A-Z]{2})/, type: 'other' },
  ],
  kept: [{ column: 'Type', name: 'varType', type: 'text' }],
  fixed: [
    parseFixedLayout(
      'OID 1-7, Name 9-38, V 40, RAdeg 42-50, DEdeg 52-60, Type 62-91, l_max 94, max 95-100, u_max 101, n_max 102-107',
    ),
    parseFixedLayout('OID 1-8, Name 10-39, V 41, RAdeg 43-51, DEdeg 53-61, Type 63-92'),
  ],
});

/** Cataclysmic binaries of Ritter & Kolb: VizieR B/cb/cbdata as table file, or HEASARC's `rittercv`. */
export const RITTER_KOLB = catalogueMap({
  title: 'Cataclysmic Binaries (Ritter & Kolb 2003, edition 7.24)',
  kind: 'cv',
  id: ['Name', 'name'],
  ra: { column: ['RAJ2000', '_RAJ2000', 'ra'] },
  decl: { column: ['DEJ2000', '_DEJ2000', 'dec'] },
  fields: { mag: { column: ['mag1', 'vmag_1'] } },
  kept: [
    { column: ['Type1', 'object_type_1'], name: 'cvType', type: 'text' },
    { column: ['Orb.Per', 'Orb_Per', 'orbital_period'], name: 'orbitalPeriod', type: 'double' },
  ],
});
