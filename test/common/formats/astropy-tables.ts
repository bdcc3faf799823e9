import { gunzipSync } from 'node:zlib';

/**
 * A FITS file that astropy 8.0.2 wrote: two images, then a table of three rows with every kind of
 * column (NAME 12A, RA D, DEC D, FLAG L, BYTE B, SHORT I with TNULL, USHORT I with TZERO, LONG J, ID K,
 * UID K with TZERO 2^63, MAG E, VEC 3E, BITS 11X, VAR PJ, AFTER D), packed with gzip.
 */
export const ASTROPY_FITS_GZ = Buffer.from(
  [
    'H4sIAAAAAAACA+2bvW7aUBiGk7ZSO3To0LHDURbaIQq2MSZDVExiEqdgEBwi0qmHYggSfzVO1UzkEqpu7ZTbqDo0',
    'Yy+jF9Gtg+tzjomCgkmAb4jU70FImJAn72cbY70mVbtYLliE7JAZULJF3g/6rYHXGxF/QPI2rZKRz/pN5jXJTHI2',
    'Ldv1mb5NTQ19zPPYGWkynxH/bOiSW3DMul0lMfm4r3/aa7geGbQm5k7P7Y86g/4o3qfE+AyyMMKnxvj0xX1WnVrO',
    'Xuz2WNzHZQiCIAiCIAgYawiCIAiCIAiC3Bled1btkrNDEnbR3LfCU+rEtdPrLWL3WNsl7idftrq3nY/P65/Tqfvd',
    'PytJ2P55GV95t1RzaMy8yal5h8xjPdd3vdEc3/48nzLla3uD0+EI+2wEQRAEQRDsnxEEQRAEQRAEvn/O2Q41cwVr',
    'un9udPrMOyM+a3TvUkPP6Z8Jydzv/jnD83Xdfts/4b4rE1GW65+JFuNTl+ufFfVmX3xbCw3dP9O8bRX2qrPz6VM+',
    'ucu0Om63GW+l9Lhsie2RcMwiv/wxdf1jYWi+VClKn6KaZHUfzye2b6IidQD5pG9S5K/mqzk2lb6m2waaV5P5rF2g',
    'eTXgeTXgeVPCly+Y+zDzSl8BZF6eTxe+3DEFen9EPrB8aeGrHpQqFCSf9Nkg+ZxaoZC+efzb1FQjnVlyXkPkq0UD',
    'rz6vATjvW6tSMmYc71eZNyP355ID9P6QvkOw/W9brr89qOOz9L0By6ckxf4SBQT4fEvC5eP7i/CRbVXVNENNaumM',
    'njIMPZNcdn9RFJ6vKA+nEPMKnwW3PVTuOwL7fJM+zQLLp4njM/9vQ5h8wqcodah8KbH+zArU+hO+8uFL9RVMPp37',
    'zDy1KjD5dLDzF/z+BoIgCIIg/zusOzxhURf9+vtXzrfLo3dima6di1uI/J7H+nn0SvNLq/U6XMiGj7PZ6MkHwvFH',
    'LjRc4k+82Y/jIAh+HEw67/yvtccvxG8Fkr+Tn4wvw1dz70V4v4yeXA/vT7KP5EKb9XqMbHzY4N7WZ+nPX8i8wVjc',
    'gmASaRz9gZ/c+zvMzbM/u1a/P80+v3q8Hs3wEK9KIAiCIAiCIHH8AxDn99XATgAA',
  ].join(''),
  'base64',
);
export const ASTROPY_FITS = gunzipSync(ASTROPY_FITS_GZ);

/** Streams of one table that astropy 8.0.2 wrote as VOTable; the fields are those of `votableOf`. */
export const ASTROPY_BINARY = [
  'AGEAbABwAGgAYQAAAAAAAAAAP7mZmZmZmZrAVmAAAAAAAAAgAAAAAAABQZJmZgAAAAEIP/AAAAAAAABAAAAAAAAA',
  'AAAFAGIA6QAgACYAIAA8AHQAYQA+QHZ/////u0gAAAAAAAAAAP/////////7f8AAAP///50AQAgAAAAAAABAEAAA',
  'AAAAAAAGAAAAAAAAAAAAAAAAAAAAAAAAQGaQAAAAAABARqAAAAAAAEAAAAAAAAAAv8AAAAAAAAMIQBQAAAAAAABA',
  'GAAAAAAAAAAH',
].join('');
export const ASTROPY_BINARY2 = [
  'AAAAYQBsAHAAaABhAAAAAAAAAAA/uZmZmZmZmsBWYAAAAAAAACAAAAAAAAFBkmZmAAAAAQg/8AAAAAAAAEAAAAAA',
  'AAAAAAUEAABiAOkAIAAmACAAPAB0AGEAPkB2f////7tIAAAAAAAAAAD/////////+3/AAAAAAAACAEAIAAAAAAAA',
  'QBAAAAAAAAAABgAAAAAAAAAAAAAAAAAAAAAAAAAAQGaQAAAAAABARqAAAAAAAEAAAAAAAAAAv8AAAAAAAAMIQBQA',
  'AAAAAABAGAAAAAAAAAAH',
].join('');

/** The same rows as astropy writes them in tags. */
export const ASTROPY_TABLEDATA = `
  <TR><TD>alpha</TD><TD>0.1</TD><TD>-89.5</TD><TD>9007199254740993</TD><TD>18.3</TD><TD>1</TD>
    <TD>1</TD><TD>1 2</TD><TD>5</TD></TR>
  <TR><TD>bé &amp; &lt;ta&gt;</TD><TD>359.999999999</TD><TD>0</TD><TD>-5</TD><TD>NaN</TD><TD>-99</TD>
    <TD>0</TD><TD>3 4</TD><TD>6</TD></TR>
  <TR><TD/><TD>180.5</TD><TD>45.25</TD><TD>4611686018427387904</TD><TD>-1.5</TD><TD>3</TD>
    <TD>1</TD><TD>5 6</TD><TD>7</TD></TR>`;

/** A VOTable around rows of those fields. */
export function votableOf(data: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- A comment with <TABLE> and > in it -->
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
 <RESOURCE type="results">
  <TABLE>
   <FIELD ID="name" arraysize="9" datatype="unicodeChar" name="name"/>
   <FIELD ID="ra" datatype="double" name="ra" unit="deg"/>
   <FIELD ID="dec" datatype="double" name="dec" unit="deg"/>
   <FIELD ID="id" datatype="long" name="id"/>
   <FIELD ID="mag" datatype="float" name="mag"/>
   <FIELD ID="n" datatype="int" name="n">
    <VALUES null="-99"/>
   </FIELD>
   <FIELD ID="flag" datatype="bit" name="flag"/>
   <FIELD ID="vec" arraysize="2" datatype="double" name="vec"/>
   <FIELD ID="last" datatype="short" name="last"/>
   <DATA>${data}</DATA>
  </TABLE>
 </RESOURCE>
</VOTABLE>`;
}
