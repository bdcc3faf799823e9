import { isAvroContainer, readContainerHeader } from '../../common/avro/container.ts';
import type { Survey } from '../../common/config.ts';
import type { LsstAlert } from '../surveys/lsst/read-lsst.ts';
import type { Alert, SurveyIngest } from '../surveys/survey.ts';
import type { ZtfAlert } from '../surveys/ztf/read-ztf.ts';

export interface PacketAddress {
  topic: string;
  /** Packets of one object stay in order: one key, one partition. */
  key?: string;
}

/**
 * Names the topic that a survey would send a packet to: ZTF by the night, Rubin by the version of
 * the schema. A packet that cannot be read goes where the one before it went, the first of all to
 * that of today.
 */
export function createTopicNamer(
  survey: Survey,
  read: SurveyIngest['read'],
): (packet: Buffer) => Promise<PacketAddress> {
  let last = firstTopic(survey);
  return async (packet) => {
    const [alert] = (await read(packet)).alerts as (Alert | undefined)[];
    if (alert === undefined) return { topic: last };
    if (survey === 'ztf') {
      last = ztfTopic(new Date(alert.observedAtMs));
      return { topic: last, key: (alert as ZtfAlert).objectId };
    }
    last = rubinTopic(packet) ?? last;
    return { topic: last, key: String((alert as LsstAlert).ownerId) };
  };
}

function firstTopic(survey: Survey): string {
  return survey === 'ztf' ? ztfTopic(new Date()) : 'lsst-alerts-v10.0';
}

function ztfTopic(night: Date): string {
  return `ztf_${night.toISOString().slice(0, 10).replaceAll('-', '')}_programid1`;
}

function rubinTopic(packet: Buffer): string | undefined {
  if (!isAvroContainer(packet)) {
    const id = packet.readUInt32BE(1);
    return `lsst-alerts-v${Math.floor(id / 100)}.${id % 100}`;
  }
  const { schema } = readContainerHeader(packet);
  const version = /lsst\.v(\d+)_(\d+)/.exec(schema.toString('utf8'));
  return version === null ? undefined : `lsst-alerts-v${version[1]}.${version[2]}`;
}
