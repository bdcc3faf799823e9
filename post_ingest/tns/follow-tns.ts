import type { Config } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import {
  describeError,
  InvalidInputError,
  SetupError,
  UpstreamError,
} from '../../common/errors.ts';
import type { Job } from '../job.ts';
import { matchAgain } from './match-again.ts';
import { askForNewNames } from './new-names.ts';
import { takeChanges } from './take-changes.ts';
import { createTnsClient } from './tns-client.ts';
import type { TnsBot, TnsClient } from './tns-client.ts';
import { takeWholeList } from './whole-list.ts';

/** Something that goes on where it stopped; says what it did, or nothing if nothing was to do. */
type Part = (
  context: Context,
  client: TnsClient,
  signal: AbortSignal,
) => Promise<string | undefined>;

const PARTS: readonly Part[] = [takeWholeList, takeChanges, askForNewNames];

/** Follows the Transient Name Server: all names each day, changes each hour, new names as they come. */
export const followTns: Job = {
  name: 'follow-tns',
  schedule: '7,27,47 * * * *',
  description: 'follow the Transient Name Server and match its names with the objects',
  run: (context, signal) => runFollowTns(context, signal),
};

/** @param pause - Waits between requests; tests need not. */
export async function runFollowTns(
  context: Context,
  signal: AbortSignal,
  pause?: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<string> {
  const bot = botOf(context.config);
  if (bot === undefined) {
    const matched = await matchAgain(context, signal);
    return `no bot of the Transient Name Server is set (GLINT_TNS_BOT_ID, GLINT_TNS_BOT_NAME, GLINT_TNS_API_KEY): nothing asked for; ${matched}`;
  }
  const client = createTnsClient({ url: context.config.tnsUrl, bot, signal, pause });
  const done: string[] = [];
  const failures: string[] = [];
  for (const part of PARTS) {
    try {
      const outcome = await part(context, client, signal);
      if (outcome !== undefined) done.push(outcome);
    } catch (err) {
      signal.throwIfAborted();
      // Another part may do better; each goes on next time where it stopped.
      if (!(err instanceof UpstreamError || err instanceof InvalidInputError)) throw err;
      failures.push(describeError(err));
    }
  }
  done.push(await matchAgain(context, signal));
  if (failures.length > 0) {
    throw new UpstreamError(`${failures.join('; ')}; otherwise: ${done.join('; ')}`);
  }
  return done.join('; ');
}

/** @throws {SetupError} if only a part of the bot is set. */
function botOf({ tnsBotId, tnsBotName, tnsApiKey }: Config): TnsBot | undefined {
  const given = [tnsBotId, tnsBotName, tnsApiKey].filter((setting) => setting !== undefined);
  if (given.length === 0) return undefined;
  if (tnsBotId === undefined || tnsBotName === undefined || tnsApiKey === undefined) {
    throw new SetupError(
      'GLINT_TNS_BOT_ID, GLINT_TNS_BOT_NAME and GLINT_TNS_API_KEY belong together: set all three or none',
    );
  }
  return { id: String(tnsBotId), name: tnsBotName, apiKey: tnsApiKey };
}
