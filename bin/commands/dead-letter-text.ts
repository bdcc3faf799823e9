import type { DeadLetter, WholeDeadLetter } from '../../common/store/dead-letters.ts';

const SHOWN_BYTES = 128;
const LINE_BYTES = 16;

/** For programs: 64-bit numbers as strings, without the bytes. */
export function deadLetterJson(letter: DeadLetter) {
  return {
    deadLetterId: String(letter.deadLetterId),
    survey: letter.survey,
    topic: letter.topic,
    partition: letter.partition,
    offset: String(letter.offset),
    recordNumber: letter.recordNumber,
    fault: letter.fault,
    reason: letter.reason,
    packetBytes: letter.packetBytes,
    arrivedAt: letter.arrivedAt.toISOString(),
    state: letter.state,
    tries: letter.tries,
  };
}

/** One line of the list. */
export function deadLetterLine(letter: DeadLetter): string {
  const { deadLetterId, arrivedAt, topic, partition, offset, fault, reason } = letter;
  const place = topic.startsWith('direct:') ? topic : `${topic}/${partition}@${offset}`;
  const columns = [
    String(deadLetterId).padStart(6),
    arrivedAt.toISOString().slice(0, 19),
    fault.padEnd(18),
    place,
  ];
  return `${columns.join('  ')}  ${printable(reason)}`;
}

/** All about one, with its first bytes. */
export function deadLetterText(letter: WholeDeadLetter): string {
  const { packet } = letter;
  const facts: [string, string][] = [
    ['dead letter', String(letter.deadLetterId)],
    ['survey', letter.survey],
    ['topic', letter.topic],
    ['partition', String(letter.partition)],
    ['offset', String(letter.offset)],
    ['record', String(letter.recordNumber)],
    ['arrived', letter.arrivedAt.toISOString()],
    ['fault', letter.fault],
    ['reason', printable(letter.reason)],
    ['state', `${letter.state}, tried ${letter.tries} ${letter.tries === 1 ? 'time' : 'times'}`],
    ['bytes', String(packet.length)],
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(12)}${value}`);
  for (let at = 0; at < Math.min(SHOWN_BYTES, packet.length); at += LINE_BYTES) {
    lines.push(dumpLine(packet, at));
  }
  return lines.join('\n');
}

/** Name of the file that its packet is exported to. */
export function exportName({ deadLetterId, survey, fault }: DeadLetter): string {
  return `${deadLetterId}_${survey}_${fault.replace(/\W/g, '_')}.avro`;
}

function dumpLine(packet: Buffer, at: number): string {
  const bytes = packet.subarray(at, at + LINE_BYTES);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  return `  ${at.toString(16).padStart(4, '0')}  ${hex.padEnd(3 * LINE_BYTES)} ${text}`;
}

/** Reasons may quote bytes of the packet: nothing of them reaches the terminal as a command. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?');
}
