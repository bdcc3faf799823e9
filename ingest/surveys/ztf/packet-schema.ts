import { avroFields, packetSchema } from '../../../common/avro/notation.ts';
import type { AvroRecord } from '../../../common/avro/notation.ts';

const VERSION = '4.02';

/**
 * Schema 4.02 of ZTF's alerts, for writing packets: those that arrive bring their own. The real
 * schema text has some 25 kB, nearly all of it prose that is not kept here.
 *
 * @see https://zwickytransientfacility.github.io/ztf-avro-alert
 */
export const ZTF_ALERT_SCHEMA: AvroRecord = {
  ...packetSchema(
    'alert',
    { packet: 'ztf', inner: 'ztf.alert' },
    {
      alert: avroFields(`
        string: schemavsn publisher objectId long: candid candidate: candidate
        [prv_candidate]?: prv_candidates [fp_hist]?: fp_hists
        cutout?: cutoutScience cutoutTemplate cutoutDifference`),
      candidate: avroFields(`
        double: jd int: fid long: pid float?: diffmaglim string?: pdiffimfilename programpi
        int: programid long: candid string: isdiffpos long?: tblid int?: nid rcid field
        float?: xpos ypos double: ra dec float: magpsf sigmapsf
        float?: chipsf magap sigmagap distnr magnr sigmagnr chinr sharpnr sky magdiff fwhm classtar
        mindtoedge magfromlim seeratio aimage bimage aimagerat bimagerat elong int?: nneg nbad
        float?: rb ssdistnr ssmagnr string?: ssnamenr float?: sumrat magapbig sigmagapbig
        double: ranr decnr float?: sgmag1 srmag1 simag1 szmag1 sgscore1 distpsnr1
        int: ndethist ncovhist double?: jdstarthist jdendhist scorr int?: tooflag
        long?: objectidps1 objectidps2 float?: sgmag2 srmag2 simag2 szmag2 sgscore2 distpsnr2
        long?: objectidps3 float?: sgmag3 srmag3 simag3 szmag3 sgscore3 distpsnr3
        int: nmtchps long: rfid double: jdstartref jdendref int: nframesref string: rbversion
        float?: dsnrms ssnrms dsdiff magzpsci magzpsciunc magzpscirms int: nmatches
        float?: clrcoeff clrcounc zpclrcov zpmed clrmed clrrms neargaia neargaiabright maggaia
        maggaiabright exptime drb string: drbversion`),
      prv_candidate: avroFields(`
        double: jd int: fid long: pid float?: diffmaglim string?: pdiffimfilename programpi
        int: programid long?: candid string?: isdiffpos long?: tblid int?: nid rcid field
        float?: xpos ypos double?: ra dec
        float?: magpsf sigmapsf chipsf magap sigmagap distnr magnr sigmagnr chinr sharpnr sky
        magdiff fwhm classtar mindtoedge magfromlim seeratio aimage bimage aimagerat bimagerat
        elong int?: nneg nbad float?: rb ssdistnr ssmagnr string?: ssnamenr
        float?: sumrat magapbig sigmagapbig double?: ranr decnr scorr
        float?: magzpsci magzpsciunc magzpscirms clrcoeff clrcounc string: rbversion`),
      fp_hist: avroFields(`
        int?: field rcid int: fid long: pid rfid float?: sciinpseeing scibckgnd scisigpix magzpsci
        magzpsciunc magzpscirms clrcoeff clrcounc exptime adpctdif1 adpctdif2 diffmaglim
        int: programid double: jd float?: forcediffimflux forcediffimfluxunc string?: procstatus
        float?: distnr double: ranr decnr float?: magnr sigmagnr chinr sharpnr`),
      cutout: avroFields('string: fileName bytes: stampData'),
    },
  ),
  version: VERSION,
};
