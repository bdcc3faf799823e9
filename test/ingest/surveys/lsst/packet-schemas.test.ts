import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import avsc from 'avsc';
import { expect } from 'chai';

import {
  RUBIN_VERSIONS,
  rubinLayouts,
  rubinSchema,
} from '../../../../ingest/surveys/lsst/packet-schemas.ts';
import { collectRecords, hasSharedData, publishedRecords, sharedData } from '../survey-schemas.ts';

const WIRE_FOLDERS = [
  'wire_minimal',
  'wire_original',
  'wire_v10.0_20260310',
  'wire_v7.1_or4_simulated',
];

const bigints = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: (value: number | string) => BigInt(value),
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

interface Reference {
  diaSourceId?: string;
  diaObjectId: string | null;
  ra: number;
  psfFlux: number | null;
  n_prvDiaSources: number | null;
  n_prvDiaForcedSources: number | null;
  diaSource_nan_fields: number;
  diaSource_null_fields: number;
}

function sharedDataOrSkip(context: Mocha.Context): void {
  if (hasSharedData) return;
  console.log(`      skipped: no reference data in ${sharedData}`); // eslint-disable-line no-console
  context.skip();
}

describe('rubinSchema', () => {
  it('knows no version that was never sent', () => {
    expect(rubinSchema(7, 5)).to.equal(undefined);
    expect(rubinSchema(12, 0)).to.equal(undefined);
  });

  for (const [major, minor] of RUBIN_VERSIONS) {
    const version = `${major}.${minor}`;

    it(`gives ${version} the names of the survey, and Avro accepts it`, () => {
      const type = avsc.Type.forSchema(rubinSchema(major, minor) as avsc.Schema, {
        registry: { long: bigints },
      });
      expect(type.name).to.equal(`lsst.v${major}_${minor}.alert`);
      expect((type as avsc.types.RecordType).field('diaSource').type.name).to.equal(
        `lsst.v${major}_${minor}.diaSource`,
      );
    });

    it(`gives every record of ${version} the fields, types and order of the published schema`, function () {
      sharedDataOrSkip(this);
      const layouts = Object.entries(rubinLayouts(100 * major + minor));
      const ours = collectRecords(layouts.map(([name, fields]) => ({ name, fields })));
      const inPacket = collectRecords(rubinSchema(major, minor));
      for (const [name, fields] of publishedRecords('lsst', version)) {
        expect(ours.get(name), name).to.deep.equal(fields);
        if (inPacket.has(name)) expect(inPacket.get(name), name).to.deep.equal(fields);
      }
      expect([...publishedRecords('lsst', version).keys()]).to.include.members([
        ...inPacket.keys(),
      ]);
    });
  }

  it('reads every real packet to its last byte, with the values of the reference', function () {
    sharedDataOrSkip(this);
    const references = JSON.parse(
      readFileSync(join(sharedData, 'reference', 'generated', 'alerts.json'), 'utf8'),
    ) as Record<string, Reference[]>;
    const types = new Map<number, avsc.Type>();
    let count = 0;
    for (const folder of WIRE_FOLDERS) {
      for (const file of readdirSync(join(sharedData, 'alerts', 'lsst', folder))) {
        const path = `alerts/lsst/${folder}/${file}`;
        const bytes = readFileSync(join(sharedData, path));
        const id = bytes.readInt32BE(1);
        const type =
          types.get(id) ??
          avsc.Type.forSchema(rubinSchema(Math.floor(id / 100), id % 100) as avsc.Schema, {
            registry: { long: bigints },
            wrapUnions: 'never',
          });
        types.set(id, type);
        const alert = type.fromBuffer(bytes.subarray(5)) as {
          diaSourceId?: bigint;
          diaSource: Record<string, unknown>;
          prvDiaSources: unknown[] | null;
          prvDiaForcedSources: unknown[] | null;
        };
        const [reference] = references[path];
        const { diaSource, prvDiaSources, prvDiaForcedSources } = alert;
        const values = Object.values(diaSource);
        expect(
          {
            diaObjectId: (diaSource.diaObjectId as bigint | null)?.toString() ?? null,
            ra: diaSource.ra,
            psfFlux: diaSource.psfFlux,
            sources: prvDiaSources?.length ?? null,
            forced: prvDiaForcedSources?.length ?? null,
            nan: values.filter((value) => Number.isNaN(value)).length,
            null: values.filter((value) => value === null).length,
          },
          path,
        ).to.deep.equal({
          diaObjectId: reference.diaObjectId,
          ra: reference.ra,
          psfFlux: reference.psfFlux,
          sources: reference.n_prvDiaSources,
          forced: reference.n_prvDiaForcedSources,
          nan: reference.diaSource_nan_fields,
          null: reference.diaSource_null_fields,
        });
        if (reference.diaSourceId !== undefined) {
          expect(String(alert.diaSourceId ?? diaSource.diaSourceId), path).to.equal(
            reference.diaSourceId,
          );
        }
        count++;
      }
    }
    expect(count).to.equal(63);
  });
});
