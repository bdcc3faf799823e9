import { sendSamples } from '../../common/delivery/send-samples.ts';
import { numberNames } from '../../common/delivery/number-names.ts';
import { sendWebhookTest } from '../../common/delivery/send-test.ts';
import { BrokerError, InvalidInputError, SetupError } from '../../common/errors.ts';
import type { DryRun } from '../../common/filters/dry-run.ts';
import type { KafkaContent } from '../../common/filters/filter.ts';
import { issueKafkaAccount } from '../../common/filters/kafka-account.ts';
import type { KafkaLogin } from '../../common/filters/kafka-account.ts';
import type { FilterQuery } from '../../common/sql/filter/filter-query.ts';
import { countDeliveryTry } from '../../common/store/accounts/attempts.ts';
import { noteOutputProblem, selectOutputs } from '../../common/store/filter-outputs.ts';
import { PRIVATE } from '../../common/store/saved-queries.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { sentence } from '../saved-queries/query-form.ts';
import type { Services } from '../services.ts';

/** What a receiver of webhooks answered to a test, for people and for programs. */
export interface TestAnswer {
  /** Whether it took the test. */
  isTaken: boolean;
  /** Of its answer; undefined where it could not be reached or did not answer. */
  status: number | undefined;
  words: string;
}

/**
 * Makes the topic of a filter and writes some records to it that a consumer can be tried with, while
 * nobody waits; what goes wrong is told on the filter's page.
 *
 * @param findSample - Looks for records that pass.
 */
export function sendSamplesLater(
  { context, background }: Pick<Services, 'context' | 'background'>,
  query: SavedQuery,
  content: KafkaContent,
  filter: Pick<FilterQuery, 'columns'>,
  findSample: () => Promise<DryRun['sample']>,
): void {
  const { queryId, survey, version, userId, name, level } = query;
  background.run(`sample records of filter ${queryId}`, async () => {
    try {
      // Settings may be saved again and again, and each time some records are sent.
      await countDeliveryTry(context.db, userId, context.now());
      await sendSamples(context, {
        filter: { queryId, survey, version, userId, name, isPrivate: level === PRIVATE },
        content,
        samples: await findSample(),
        numbers: numberNames(filter.columns),
      });
    } catch (err) {
      if (!(err instanceof BrokerError)) throw err;
      // What is to be set is for whoever runs the site.
      const why = err instanceof SetupError ? 'this site has no Kafka at the moment' : err.message;
      const problem = `sample records were not sent: ${why}`;
      await noteOutputProblem(context.db, queryId, 'kafka', problem);
    }
  });
}

/**
 * Sends a test to the webhook of a filter.
 *
 * @throws {InvalidInputError} if it has none.
 * @throws {RateLimitError} if its owner has sent too many of late.
 */
export async function testWebhook(
  { context }: Pick<Services, 'context'>,
  { queryId, survey, version, userId, name }: SavedQuery,
): Promise<TestAnswer> {
  const { db, now } = context;
  for (const output of await selectOutputs(db, queryId)) {
    if (output.channel !== 'webhook' || !output.isActive || output.secret === null) continue;
    await countDeliveryTry(db, userId, now());
    const { settings, secret } = output;
    const filter = { queryId, survey, version, name };
    try {
      const { status, isTaken } = await sendWebhookTest(context, settings, secret, filter);
      const words = isTaken ? 'took the test' : 'did not take the test: it wants 2xx';
      return { isTaken, status, words: `The receiver answered ${status} and ${words}.` };
    } catch (err) {
      if (!(err instanceof BrokerError)) throw err;
      const words = sentence(`the test did not arrive: ${err.message}`);
      return { isTaken: false, status: undefined, words };
    }
  }
  throw new InvalidInputError('This filter has no webhook: give it one in its settings.');
}

/**
 * A login in Kafka for the owner of a filter, or another password for the one they have.
 *
 * @throws {RateLimitError} if they asked for too many of late; otherwise as `issueKafkaAccount`.
 */
export async function newKafkaLogin(
  { context }: Pick<Services, 'context'>,
  userId: number,
): Promise<KafkaLogin> {
  await countDeliveryTry(context.db, userId, context.now());
  return issueKafkaAccount(context, userId);
}
