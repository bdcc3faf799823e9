/**
 * Words of the UCD1+ vocabulary that the description uses, with the place the vocabulary gives each:
 * P first only, S never first, others anywhere.
 *
 * @see IVOA, The UCD1+ controlled vocabulary, version 1.5 (2023).
 */
const WORDS = {
  P: `
    arith.rate meta.code meta.code.class meta.code.error meta.code.qual meta.id meta.id.PI
    meta.id.assoc meta.id.cross meta.id.parent meta.note meta.number meta.record meta.ref.url meta.version
    stat.covariance stat.error stat.fit.chi2 stat.fit.goodness stat.fit.residual stat.likelihood
    stat.mad stat.rank stat.rms stat.skewness stat.snr stat.stdev`,
  S: `
    arith.diff arith.ratio em.IR.H em.IR.J em.IR.K em.opt em.opt.B em.opt.I em.opt.R em.opt.U em.opt.V instr.det
    instr.pixel meta.file meta.main meta.software obs obs.exposure obs.field obs.image
    obs.proposal pos.cartesian pos.geocentric pos.heliocentric stat.fit.omc stat.fwhm stat.max
    stat.mean stat.median stat.min`,
  Q: `
    arith.zp instr.bandpass instr.det.noise instr.det.psf instr.obsty.seeing instr.sensitivity
    instr.skyLevel meta.curation obs.param phot.calib phot.color.excess phys.acceleration phys.size phys.temperature
    phys.size.smajAxis phys.veloc.ang pos.HTM pos.angDistance pos.cartesian.x pos.cartesian.y
    pos.cartesian.z pos.ecliptic.lat pos.ecliptic.lon pos.ephem pos.eq pos.eq.dec pos.eq.ra
    pos.galactic.lat pos.galactic.lon pos.healpix pos.parallax.trig pos.phaseAng pos.posAng src.class
    src.class.starGalaxy src.ellipticity src.morph.param src.orbital src.orbital.TissJ
    src.orbital.eccentricity src.orbital.inclination src.orbital.meanAnomaly src.orbital.meanMotion
    src.orbital.node src.orbital.periastron src.redshift src.redshift.phot src.var.amplitude src.var.index
    stat.fit.param stat.probability time.creation time.duration time.end time.epoch time.interval
    time.period.revolution time.processing time.start`,
  E: `
    phot.count phot.flux.density phot.mag phot.mag.distMod phys.angSize phys.angSize.smajAxis
    phys.angSize.sminAxis phys.magAbs`,
  V: `
    phys.veloc pos.distance pos.pm`,
  C: `
    phot.color`,
};

export const UCD_WORDS = new Map(
  Object.entries(WORDS).flatMap(([place, words]) =>
    words
      .trim()
      .split(/\s+/)
      .map((word) => [word, place] as const),
  ),
);
