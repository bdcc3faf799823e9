import { expect } from 'chai';

import { UpstreamError } from '../../../common/errors.ts';
import { isZip, unzipCsv } from '../../../post_ingest/tns/read-zip.ts';
import { zipped } from '../../tns-server.ts';

/**
 * Made with Python's zipfile as a stream: lengths behind the data, a comment at the end, and a file
 * that is no list before the list.
 */
const STREAMED =
  'UEsDBBQACAAAAAAASVwAAAAAAAAAAAAAAAAKAAAAcmVhZG1lLnR4dHhQSwcIgxbcjAEAAAABAAAAUEsDBBQACAAIAAAASVwAAAAAAAAAAAAAAAAWAAAAdG5zX3B1YmxpY19vYmplY3RzLmNzdlMyMjAy0zUw0jWwVDAwsAIjJS6l/KSszBQlHaW8xNxUINcQyDQyMLRIzi8f5Y3yhhIPAFBLBwjP+MPWMwAAAOECAABQSwECFAMUAAgAAAAAAElcgxbcjAEAAAABAAAACgAAAAAAAAAAAAAAgAEAAAAAcmVhZG1lLnR4dFBLAQIUAxQACAAIAAAASVzP+MPWMwAAAOECAAAWAAAAAAAAAAAAAACAATkAAAB0bnNfcHVibGljX29iamVjdHMuY3N2UEsFBgAAAAACAAIAfAAAALAAAAAOAG1hZGUgZWxzZXdoZXJl';
/** The same program's, not packed. */
const STORED =
  'UEsDBBQAAAAAAAAASVyae/avFQAAABUAAAAFAAAAYS5jc3ZvYmppZCxuYW1lCjEsMjAxOGNvdwpQSwECFAMUAAAAAAAAAElcmnv2rxUAAAAVAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5jc3ZQSwUGAAAAAAEAAQAzAAAAOAAAAAAA';

describe('unzipCsv', () => {
  it('unpacks the list of an archive that another program made', async () => {
    const text = await textOf(Buffer.from(STREAMED, 'base64'));
    expect(text).to.equal(`"2026-02-09 00:00:00"\n"objid","name"\n${'"1","2018cow"\n'.repeat(50)}`);
    expect(await textOf(Buffer.from(STORED, 'base64'))).to.equal('objid,name\n1,2018cow\n');
    expect(isZip(Buffer.from(STORED, 'base64'))).to.equal(true);
    expect(isZip(Buffer.from('"objid"'))).to.equal(false);
  });

  it('gives a large list in pieces', async () => {
    const line = '"1","AT","2026abc","10.5","-3.25"\n';
    let pieces = 0;
    let length = 0;
    for await (const piece of unzipCsv(zipped('a.csv', line.repeat(100_000)))) {
      pieces++;
      length += piece.length;
    }
    expect(length).to.equal(100_000 * line.length);
    expect(pieces).to.be.greaterThan(10);
  });

  it('refuses what is damaged, cut short, or no archive', async () => {
    const whole = Buffer.from(STREAMED, 'base64');
    const wrongByte = Buffer.from(whole);
    wrongByte[150] ^= 0xff;
    const wrongSum = Buffer.from(STORED, 'base64');
    wrongSum[40] ^= 1;
    const encrypted = zipped('a.csv', 'x');
    encrypted[encrypted.indexOf('PK\x01\x02') + 8] |= 1;
    const lying = zipped('a.csv', 'x'.repeat(1_000));
    lying.writeUInt32LE(10, lying.indexOf('PK\x01\x02') + 24);
    for (const [what, archive] of Object.entries({
      empty: Buffer.alloc(0),
      page: Buffer.from('<html>Access denied</html>'),
      cutShort: whole.subarray(0, 200),
      wrongByte,
      wrongSum,
      encrypted,
      lying,
      noList: zipped('readme.txt', 'nothing here'),
    })) {
      const error = await textOf(archive).then(
        () => undefined,
        (err: unknown) => err,
      );
      expect(error, what).to.be.instanceOf(UpstreamError);
    }
  });
});

async function textOf(archive: Buffer): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of unzipCsv(archive)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
