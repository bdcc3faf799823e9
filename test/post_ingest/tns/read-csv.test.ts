import { expect } from 'chai';

import { readCsv } from '../../../post_ingest/tns/read-csv.ts';
import type { CsvRow } from '../../../post_ingest/tns/read-csv.ts';

describe('readCsv', () => {
  it('reads quoted and plain values with any line ends, wherever the text is cut', async () => {
    const text = 'a,b,c\r\n"1","x, y","say ""no"""\r\n\n,,\n"two\nlines",é★,last';
    const expected = [
      { line: 1, values: ['a', 'b', 'c'] },
      { line: 2, values: ['1', 'x, y', 'say "no"'] },
      { line: 4, values: ['', '', ''] },
      { line: 5, values: ['two\nlines', 'é★', 'last'] },
    ];
    for (const length of [1, 2, 3, 7, 1_000]) {
      expect(await rowsOf(text, length), `pieces of ${length}`).to.deep.equal(expected);
    }
    expect(await rowsOf(text.replaceAll('é★', 'e').replace(/,/g, ';'), 5, ';')).to.have.length(4);
  });

  it('loses one line to a lost quote, not the rest', async () => {
    const good = Array.from({ length: 5_000 }, (_, i) => `"${i}","2026a"`);
    const lines = [...good.slice(0, 10), '"10,"2026a"', '"11","20"26a"', ...good.slice(10)];
    lines.splice(2_000, 0, '"no end, 12');
    for (const length of [100, 1 << 16]) {
      const rows = await rowsOf(lines.join('\n'), length);
      const faults = rows.filter((row) => row.fault !== undefined);
      expect(faults.map((row) => row.line)).to.deep.equal([11, 12, 2_001]);
      expect(rows).to.have.length(5_003);
    }
  });

  it('reads nothing from nothing, and refuses a line without end', async () => {
    expect(await rowsOf('', 10)).to.deep.equal([]);
    const rows = await rowsOf(`${'x'.repeat(200_000)}\n1,2\n`, 10_000);
    expect(rows.map((row) => row.fault ?? row.values)).to.deep.equal([
      'the line is too long',
      ['1', '2'],
    ]);
  });
});

async function rowsOf(text: string, pieceLength: number, delimiter = ','): Promise<CsvRow[]> {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    pieces.push(bytes.subarray(at, at + pieceLength));
  }
  const rows: CsvRow[] = [];
  for await (const group of readCsv(streamOf(pieces), delimiter)) rows.push(...group);
  return rows;
}

// eslint-disable-next-line @typescript-eslint/require-await -- what a download gives is asynchronous
async function* streamOf(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
