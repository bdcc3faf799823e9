import type { Context } from '../context.ts';
import { SetupError } from '../errors.ts';
import { saveKafkaAccount } from '../store/filter-topics.ts';
import { newPassword } from '../store/accounts/secrets.ts';
import { createStreamAdmin } from '../stream/admin.ts';
import { principalOf, saveKafkaUser } from '../stream/kafka-users.ts';
import { kafkaLogin } from './topic-name.ts';

/** What a reader of private topics writes into its consumer. */
export interface KafkaLogin {
  username: string;
  password: string;
  mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /** Names of its consumer groups must begin so. */
  groupPrefix: string;
}

/**
 * Makes somebody a login in Kafka, or gives it another password, which is told here and never again.
 * It reads the topics of their own private filters and of all public ones.
 *
 * @throws {SetupError} if this Kafka does not ask its readers who they are.
 * @throws {UpstreamError} if it does not answer or refuses.
 */
export async function issueKafkaAccount(
  { config, db, log, now }: Context,
  userId: number,
): Promise<KafkaLogin> {
  if (!config.kafkaAccounts) {
    throw new SetupError('this Kafka has no accounts of readers (GLINT_KAFKA_ACCOUNTS)');
  }
  const { name, groupPrefix } = kafkaLogin(config.filterTopicPrefix, userId);
  const password = newPassword();
  // First the row: what Kafka has and no row names would never be ended.
  await saveKafkaAccount(db, { userId, name }, now());
  const admin = createStreamAdmin(config.kafka, log);
  try {
    await saveKafkaUser(config.kafka, name, password);
    await admin.allowGroups(groupPrefix, principalOf(name));
  } finally {
    await admin.stop();
  }
  return { username: name, password, mechanism: 'SCRAM-SHA-512', groupPrefix };
}
