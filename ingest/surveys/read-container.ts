import type { AvroRecordValue, Decoder } from '../../common/avro/compile.ts';
import { readBlocks, readContainerHeader } from '../../common/avro/container.ts';
import { PacketError } from '../../common/errors.ts';
import type { Alert, Reading } from './survey.ts';

/**
 * Reads all alerts of an Avro container; those before the first that is not sound are kept.
 *
 * @param layoutOf - What is known of the schema in the header, decoder included.
 */
export function readContainer<A extends Alert, Layout extends { decoder: Decoder }>(
  packet: Buffer,
  layoutOf: (schema: Buffer) => Layout,
  toAlert: (record: AvroRecordValue, layout: Layout) => A,
): Reading<A> {
  const alerts: A[] = [];
  try {
    const container = readContainerHeader(packet);
    const layout = layoutOf(container.schema);
    let allowance: number | undefined;
    for (const block of readBlocks(packet, container)) {
      let { start } = block;
      for (let i = 0; i < block.count; i++) {
        const decoded = layout.decoder.decode(block.bytes, start, block.end, allowance);
        alerts.push(toAlert(decoded.value, layout));
        start = decoded.end;
        allowance = decoded.allowance;
      }
      if (start !== block.end) {
        throw new PacketError(
          'damaged',
          'the packet is damaged: a block is longer than its records',
        );
      }
    }
    if (alerts.length === 0) throw new PacketError('damaged', 'the packet holds no alert');
    return { alerts };
  } catch (err) {
    if (err instanceof PacketError) return { alerts, fault: err };
    throw err;
  }
}

/** @throws {PacketError} `unknown_schema` if the header's schema is not JSON. */
export function parseHeaderSchema(schema: Buffer): unknown {
  try {
    return JSON.parse(schema.toString('utf8'));
  } catch (err) {
    throw new PacketError('unknown_schema', 'the schema in the packet is not JSON', { cause: err });
  }
}
