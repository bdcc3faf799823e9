import type { Config } from '../../common/config.ts';
import { filterTopicName, kafkaLogin } from '../../common/filters/topic-name.ts';
import { PRIVATE } from '../../common/store/saved-queries.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';

const GROUP = 'my-group';

/**
 * How a filter's topic is read: its name, who can, and consumers to copy.
 *
 * @param claimed - The topic that it has; undefined before anything was sent.
 */
export function kafkaView(
  config: Pick<Config, 'publicKafka' | 'kafka' | 'kafkaAccounts' | 'filterTopicPrefix'>,
  { userId, name, level }: Pick<SavedQuery, 'userId' | 'name' | 'level'>,
  claimed: string | undefined,
) {
  const { filterTopicPrefix: prefix, kafkaAccounts } = config;
  const topic = claimed ?? filterTopicName(prefix, userId, name);
  const servers = config.publicKafka ?? config.kafka.brokers?.join(',');
  const isPrivate = level === PRIVATE;
  const login = isPrivate && kafkaAccounts ? kafkaLogin(prefix, userId) : undefined;
  return {
    topic,
    servers,
    isPrivate,
    hasAccounts: kafkaAccounts,
    /** Private, but anybody who reaches the broker can read it. */
    isOpenToAll: isPrivate && !kafkaAccounts,
    confluent:
      servers === undefined
        ? undefined
        : confluentExample(servers, topic, login && { ...login, isSecret: config.kafka.tls }),
    // Lasair's consumer knows nothing of logins.
    lasair:
      servers === undefined || login !== undefined ? undefined : lasairExample(servers, topic),
  };
}

function confluentExample(
  servers: string,
  topic: string,
  login: (ReturnType<typeof kafkaLogin> & { isSecret: boolean }) | undefined,
): string {
  const settings = {
    'bootstrap.servers': servers,
    'group.id': `${login?.groupPrefix ?? ''}${GROUP}`,
    'auto.offset.reset': 'earliest',
    ...(login && {
      'security.protocol': login.isSecret ? 'SASL_SSL' : 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': login.name,
      'sasl.password': '...',
    }),
  };
  return [
    'import json',
    'from confluent_kafka import Consumer',
    '',
    'consumer = Consumer({',
    ...Object.entries(settings).map(([key, value]) => `    ${python(key)}: ${python(value)},`),
    '})',
    `consumer.subscribe([${python(topic)}])`,
    'while True:',
    '    message = consumer.poll(10)',
    '    if message is None:',
    '        continue',
    '    if message.error():',
    '        print(message.error())',
    '        continue',
    '    print(json.loads(message.value()))',
  ].join('\n');
}

function lasairExample(servers: string, topic: string): string {
  return [
    'from lasair import lasair_consumer',
    '',
    `consumer = lasair_consumer(${[servers, GROUP, topic].map(python).join(', ')})`,
    'message = consumer.poll(timeout=20)',
    'if message is not None and not message.error():',
    '    print(message.value())',
  ].join('\n');
}

/** A string as Python reads it: of what stands in these, JSON's way is Python's too. */
function python(text: string): string {
  return JSON.stringify(text);
}
