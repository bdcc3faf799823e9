import type { Context } from '../../context.ts';
import { QueryTimeoutError, UpstreamError } from '../../errors.ts';
import type { CompiledQuery, Dialect } from '../../sql/compile.ts';
import { QueryError } from '../../sql/query-error.ts';
import { killConnection } from '../accounts/server-accounts.ts';
import { plannerUrl, sandboxUrl } from './account.ts';
import { cutConnection, openConnections } from './connections.ts';
import { costRefusal, slownessReason } from './cost-advice.ts';
import { createTableSizes, isModest } from './modest.ts';
import { readPlan } from './plan.ts';
import type { Plan } from './plan.ts';
import { runStatement } from './run-statement.ts';
import type { RowGroups, RunOptions, Sandbox } from './sandbox.ts';
import { describeServerError, isTimeOver } from './server-errors.ts';
import { createTimeLimiter, sessionSettings } from './session.ts';
import { createSlots } from './slots.ts';
import { readAll } from './statement.ts';

const PER_HOLDER = 2;
/** Share of the places that queries of programs, which may take longer, leave to pages. */
const FOR_PAGES = 0.25;
const WAITING = 32;
const WAITING_PER_HOLDER = 6;
const WAIT_MS = 10_000;

/** Statements are planned by an account of its own: servers explain views to who may read tables. */
const PLANNERS = 2;
const PLAN_TIMEOUT_MS = 2_000;
/** The server's own limit comes first; ours is for those that have none for EXPLAIN. */
const PLAN_GRACE_MS = 500;

/**
 * Where users' queries run. Connects when it is first used.
 */
export function openSandbox(context: Context): Sandbox {
  const { config, db, log } = context;
  const dialect = async (): Promise<Dialect> =>
    (await db.server()).isMariaDb ? 'mariadb' : 'mysql';
  const shared = {
    settings: async () => sessionSettings(await dialect()),
    killForUs: (id: string) => killConnection(db, id),
    log,
  };
  const runners = openConnections({
    url: () => sandboxUrl(db, config),
    size: config.sandboxPoolSize,
    ...shared,
  });
  const planners = openConnections({
    url: () => plannerUrl(db, config),
    size: PLANNERS,
    ...shared,
  });
  const limitTime = createTimeLimiter(dialect);
  const tableSizes = createTableSizes(db);
  const closing = new AbortController();
  const slots = createSlots({
    total: config.sandboxPoolSize,
    long: Math.max(1, Math.floor(config.sandboxPoolSize * (1 - FOR_PAGES))),
    perHolder: Math.min(PER_HOLDER, config.sandboxPoolSize),
    waiting: WAITING,
    waitingPerHolder: WAITING_PER_HOLDER,
    waitMs: WAIT_MS,
  });

  async function explain(query: CompiledQuery): Promise<Plan> {
    const explaining =
      (await dialect()) === 'mariadb' ? 'EXPLAIN EXTENDED' : 'EXPLAIN FORMAT=TRADITIONAL';
    const connection = await planners.take().catch((err: unknown) => {
      throw describeServerError(err);
    });
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      void planners.kill(connection).finally(() => cutConnection(connection));
    }, PLAN_TIMEOUT_MS + PLAN_GRACE_MS);
    try {
      await limitTime(connection, PLAN_TIMEOUT_MS);
      const rows = await readAll(connection, `${explaining} ${query.sql}`, query.parameters);
      return readPlan(rows, query.sql);
    } catch (err) {
      if (!isOver && !isTimeOver(err)) throw describeServerError(err);
      throw new QueryError(
        `the database found no way to run this query within ${seconds(PLAN_TIMEOUT_MS)}`,
        undefined,
        'fewer tables and sub-queries would make it easier',
      );
    } finally {
      clearTimeout(timer);
      if (!isOver) connection.release();
    }
  }

  async function describeFailure(err: unknown, query: CompiledQuery, timeoutMs: number) {
    if (!(err instanceof QueryTimeoutError)) return describeServerError(err);
    const limit = `the query was ended after ${seconds(timeoutMs)}, the longest that it may take`;
    const reason = await explain(query).then(
      (plan) => slownessReason(plan, query.tables),
      // What would be faster is not worth another failure.
      () => undefined,
    );
    return new QueryTimeoutError(reason === undefined ? limit : `${limit}: ${reason}`, {
      cause: err.cause,
      details: { timeoutMs },
    });
  }

  async function settled(timeoutMs: number) {
    const connection = await runners.take();
    try {
      await limitTime(connection, timeoutMs);
      return connection;
    } catch (err) {
      connection.destroy();
      throw err;
    }
  }

  async function start(query: CompiledQuery, options: RunOptions): Promise<RowGroups> {
    const { timeoutMs } = options;
    const signals = [closing.signal, ...(options.signal === undefined ? [] : [options.signal])];
    const signal = AbortSignal.any(signals);
    const explainFailure = (err: unknown): Promise<unknown> =>
      signal.aborted ? Promise.resolve(err) : describeFailure(err, query, timeoutMs);
    const release = await slots.take({
      holder: options.holder,
      isLong: timeoutMs > config.sandboxTimeoutMs,
      signal,
    });
    try {
      signal.throwIfAborted();
      const connection = await settled(timeoutMs).catch(async (err: unknown) => {
        throw await explainFailure(err);
      });
      return await runStatement({
        connections: runners,
        connection,
        query,
        timeoutMs,
        signal,
        explainFailure,
        onFinished: release,
      });
    } catch (err) {
      release();
      throw err;
    }
  }

  return {
    dialect,
    isModest: (query) => isModest(query, tableSizes, config.sandboxMaxRows),
    async checkCost(query) {
      const plan = await explain(query);
      if (plan.estimatedRows > config.sandboxMaxRows) {
        throw costRefusal(plan, query.tables, config.sandboxMaxRows);
      }
      return { estimatedRows: plan.estimatedRows };
    },
    run: start,
    async close() {
      closing.abort(new UpstreamError('the site is being stopped'));
      await Promise.all([runners.close(), planners.close()]);
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`;
}
