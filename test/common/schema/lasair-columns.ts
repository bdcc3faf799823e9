/** Columns of the tables of Lasair, of its three generations, that users know by name. */
export const LASAIR_COLUMNS: readonly { what: string; table: string; columns: string }[] = [
  {
    what: 'ztf.objects of 2019',
    table: 'ztf.objects',
    columns: `
      primaryId objectId ncand stale ramean rastd decmean decstd maggmin maggmax maggmedian
      maggmean magrmin magrmax magrmedian magrmean latestgmag latestrmag jdmin jdmax glonmean
      glatmean htm16 sherlock_classification`,
  },
  {
    what: 'ztf.objects of today',
    table: 'ztf.objects',
    columns: `
      objectId decmean decstd ramean rastd glatmean glonmean jdgmax gmag dmdt_g dmdt_g_2
      mag_g02 mag_g08 mag_g28 maggmax maggmean maggmin jdrmax mag_r02 mag_r08 mag_r28 rmag
      dmdt_r dmdt_r_2 magrmax magrmean magrmin jdmax jdmin ncand ncandgp distpsnr1 sgscore1
      sgmag1 srmag1 htm16 g_minus_r jd_g_minus_r ncandgp_7 ncandgp_14 ssnamenr dmdt_g_err
      dmdt_r_err`,
  },
  {
    what: 'ztf.candidates of 2019 and 2021',
    table: 'ztf.candidates',
    columns: `
      objectId jd fid pid diffmaglim pdiffimfilename programpi programid candid isdiffpos
      tblid nid rcid field xpos ypos ra decl magpsf sigmapsf chipsf magap sigmagap distnr
      magnr sigmagnr chinr sharpnr sky magdiff fwhm classtar mindtoedge magfromlim seeratio
      aimage bimage aimagerat bimagerat elong nneg nbad rb ssdistnr ssmagnr ssnamenr sumrat
      magapbig sigmagapbig ranr decnr sgmag1 srmag1 simag1 szmag1 sgscore1 distpsnr1 ndethist
      ncovhist jdstarthist jdendhist scorr tooflag objectidps1 objectidps2 sgmag2 srmag2
      simag2 szmag2 sgscore2 distpsnr2 objectidps3 sgmag3 srmag3 simag3 szmag3 sgscore3
      distpsnr3 nmtchps rfid jdstartref jdendref nframesref htmid16 rbversion dsnrms ssnrms
      dsdiff magzpsci magzpsciunc magzpscirms nmatches clrcoeff clrcounc zpclrcov zpmed clrmed
      clrrms neargaia neargaiabright maggaia maggaiabright exptime drb dc_mag dc_sigmag
      dc_mag_g02 dc_mag_g08 dc_mag_g28 dc_mag_r02 dc_mag_r08 dc_mag_r28`,
  },
  {
    what: 'ztf.noncandidates of 2019',
    table: 'ztf.noncandidates',
    columns: `
      primaryId objectId jd fid diffmaglim`,
  },
  {
    what: 'ztf.sherlock_classifications of 2019',
    table: 'ztf.sherlock_classifications',
    columns: `
      transient_object_id classification annotation separationArcsec summary`,
  },
  {
    what: 'ztf.sherlock_classifications of today',
    table: 'ztf.sherlock_classifications',
    columns: `
      objectId classification association_type catalogue_table_name catalogue_object_id
      catalogue_object_type raDeg decDeg separationArcsec northSeparationArcsec
      eastSeparationArcsec physical_separation_kpc direct_distance distance z photoZ photoZErr
      Mag MagFilter MagErr classificationReliability major_axis_arcsec annotator
      additional_output description summary`,
  },
  {
    what: 'ztf.sherlock_crossmatches of 2019',
    table: 'ztf.sherlock_crossmatches',
    columns: `
      transient_object_id rank catalogue_object_type association_type separationArcsec
      northSeparationArcsec eastSeparationArcsec catalogue_table_name catalogue_object_id z
      distance photoZ photoZErr distance_modulus scale direct_distance direct_distance_scale
      direct_distance_modulus physical_separation_kpc major_axis_arcsec
      classificationReliability catalogue_view_name search_name rankScore association_rank
      dateCreated U UErr B BErr V VErr G GErr R RErr I IErr J JErr H HErr K KErr _u _uErr _g
      _gErr _r _rErr _i _iErr _z _zErr _y _yErr`,
  },
  {
    what: 'ztf.crossmatch_tns of 2019',
    table: 'ztf.crossmatch_tns',
    columns: `
      id ra decl tns_name tns_prefix disc_mag disc_mag_filter type z hostz host_name
      disc_instruments public sender associated_groups classifying_groups discovering_groups
      class_instrument tnsid disc_int_name ext_catalogs disc_date tns_at htm16`,
  },
  {
    what: 'ztf.comments of 2019',
    table: 'ztf.comments',
    columns: `
      comment_id user objectId content time`,
  },
  {
    what: 'ztf.coverage of 2019',
    table: 'ztf.coverage',
    columns: `
      field fid nid ra decl n`,
  },
  {
    what: 'lsst.objects core',
    table: 'lsst.objects',
    columns: `
      diaObjectId ra decl lastDiaSourceMjdTai firstDiaSourceMjdTai latest_psfFlux u_psfFlux
      u_latestMJD u_psfFluxMean u_psfFluxMeanErr g_psfFlux g_latestMJD g_psfFluxMean
      g_psfFluxMeanErr r_psfFlux r_latestMJD r_psfFluxMean r_psfFluxMeanErr i_psfFlux
      i_latestMJD i_psfFluxMean i_psfFluxMeanErr z_psfFlux z_latestMJD z_psfFluxMean
      z_psfFluxMeanErr y_psfFlux y_latestMJD y_psfFluxMean y_psfFluxMeanErr medianR latestR
      nDiaSources nPosDiaSources nPosDiaSourcesNights nSourcesGood nuSources ngSources
      nrSources niSources nzSources nySources tns_name absMag absMagMJD BBBRiseRate
      BBBFallRate BBBTemp BBBPeakFlux BBBPeakMJD BBBPeakAbsMag glat ebv jump1 jump2
      latestPairMJD latestPairColourMag latestPairColourBands latestPairColourTemp
      penultimatePairMJD penultimatePairColourMag penultimatePairColourBands
      penultimatePairColourTemp htm16 timestamp`,
  },
  {
    what: 'lsst.objects extended',
    table: 'lsst.objects',
    columns: `
      validityStartMjdTai raErr decErr ra_dec_Cov u_psfFluxSigma u_psfFluxNdata u_fpFluxMean
      u_fpFluxMeanErr g_psfFluxSigma g_psfFluxNdata g_fpFluxMean g_fpFluxMeanErr
      r_psfFluxSigma r_psfFluxNdata r_fpFluxMean r_fpFluxMeanErr i_psfFluxSigma i_psfFluxNdata
      i_fpFluxMean i_fpFluxMeanErr z_psfFluxSigma z_psfFluxNdata z_fpFluxMean z_fpFluxMeanErr
      y_psfFluxSigma y_psfFluxNdata y_fpFluxMean y_fpFluxMeanErr u_scienceFluxMean
      u_scienceFluxMeanErr g_scienceFluxMean g_scienceFluxMeanErr r_scienceFluxMean
      r_scienceFluxMeanErr i_scienceFluxMean i_scienceFluxMeanErr z_scienceFluxMean
      z_scienceFluxMeanErr y_scienceFluxMean y_scienceFluxMeanErr u_psfFluxMin u_psfFluxMax
      u_psfFluxMaxSlope u_psfFluxErrMean g_psfFluxMin g_psfFluxMax g_psfFluxMaxSlope
      g_psfFluxErrMean r_psfFluxMin r_psfFluxMax r_psfFluxMaxSlope r_psfFluxErrMean
      i_psfFluxMin i_psfFluxMax i_psfFluxMaxSlope i_psfFluxErrMean z_psfFluxMin z_psfFluxMax
      z_psfFluxMaxSlope z_psfFluxErrMean y_psfFluxMin y_psfFluxMax y_psfFluxMaxSlope
      y_psfFluxErrMean`,
  },
  {
    what: 'lsst.sherlock_classifications',
    table: 'lsst.sherlock_classifications',
    columns: `
      diaObjectId classification association_type catalogue_table_name catalogue_object_id
      catalogue_object_type raDeg decDeg separationArcsec northSeparationArcsec
      eastSeparationArcsec physical_separation_kpc direct_distance distance best_distance
      best_distance_flag best_distance_source z photoZ photoZErr Mag MagFilter MagErr
      classificationReliability major_axis_arcsec annotator additional_output description
      summary`,
  },
  {
    what: 'lsst.crossmatch_tns',
    table: 'lsst.crossmatch_tns',
    columns: `
      ra decl tns_name tns_prefix disc_mag disc_mag_filter type z hostz host_name ext_catalogs
      disc_int_name disc_date lastmodified_date sender reporters source_group htm16
      lasairmodified_date`,
  },
];
