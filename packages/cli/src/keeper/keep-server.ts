import { createTaskClient, isCallLost, TaskError, type TaskStore } from '@mcp-tasks/client';
import { createRelay } from '@mcp-tasks/client/connect';
import { type Keeper, reachKeeper, removeStaleSocket, serveKeeper } from '@mcp-tasks/client/keeper';
import { lock } from 'proper-lockfile';
import { aborted } from '../aborted.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { reportOf } from '../display/error-report.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from '../exit-codes.ts';
import { jobsOf } from '../jobs/jobs-of.ts';
import { closeSoon } from '../session/close-soon.ts';
import { openStore } from '../session/open-store.ts';
import { openConnection } from '../targets/open-connection.ts';
import { connectionOfRecord } from '../targets/record-connection.ts';
import type { KeepReply, KeepRequest } from './keep-server-message.ts';
import { takeUp } from './take-up.ts';

/** How long a keeper with nothing to do waits for another front. */
const IDLE_MS = 10_000;
const LOCK = { realpath: false, stale: 10_000, retries: { retries: 20, minTimeout: 50, maxTimeout: 500 } };

/** A background process that keeps one server for the fronts of hosts: it calls, polls and answers, and outlives them. */
export async function runKeep(context: Context): Promise<ExitCode> {
  const { parent } = context;
  if (parent === undefined) throw new CliError('usage', 'A keeper is started by a bridge', 'mcp-tasks bridge --help');
  const reply = (message: KeepReply): void => parent.send(message);
  const request = (await parent.receive()) as KeepRequest;
  try {
    await keep(request, context, () => {
      reply({ kind: 'keeps' });
      parent.disconnect();
    });
    return exitCodes.completed;
  } catch (error) {
    const report = reportOf(error instanceof Error ? error : new TaskError('closed', String(error)));
    reply({ kind: 'failed', report });
    parent.disconnect();
    return exitCodeOfError(report.code);
  }
}

async function keep({ resolved, place }: KeepRequest, context: Context, onReady: () => void): Promise<void> {
  const release = await lock(place.lock, LOCK);
  let isReleased = false;
  const unlock = async (): Promise<void> => {
    if (isReleased) return;
    isReleased = true;
    await release().catch(() => undefined);
  };
  try {
    const other = await reachKeeper({ path: place.path });
    other?.close();
    if (other !== undefined) return onReady();
    await removeStaleSocket(place.path);
    const { store, owner } = await openStore(context, () => undefined);
    const first = await openConnection(resolved, context, {}, { mayAsk: false });
    const relay = createRelay({ open: () => openConnection(resolved, context, {}, { mayAsk: false }), first });
    const tasks = createTaskClient({ connection: relay, store, owner, jobs: (await jobsOf(resolved, context)).of });
    try {
      const stop = new AbortController();
      const idle = createIdle(store, first.identity.fingerprint, () => stop.abort());
      const keeper: Keeper = await serveKeeper({
        path: place.path,
        tasks,
        connection: relay,
        onFronts: idle.fronts,
        onStop: () => stop.abort(),
      });
      const taken = await takeUp(tasks, async (record) => {
        const { sessionId, revision } = record;
        const same = { mayAsk: false, sessionId, revision };
        const connection = await connectionOfRecord(record, () => openConnection(resolved, context, {}, same));
        return createTaskClient({ connection, store, owner });
      });
      onReady();
      await unlock();
      await aborted(AbortSignal.any([stop.signal, context.interrupt]));
      idle.end();
      await keeper.close();
      await taken.close();
    } finally {
      await closeSoon(tasks);
      await closeSoon(relay);
      await store.close();
    }
  } finally {
    await unlock();
  }
}

/** Ends a keeper that no front uses and that no open task needs. */
function createIdle(store: TaskStore, fingerprint: string, onIdle: () => void) {
  let fronts = 0;
  let idleSince: number | undefined;
  const isNeeded = async (): Promise<boolean> => {
    const { records } = await store.list({ open: true, fingerprint });
    return records.some((record) => !isCallLost(record));
  };
  const look = async (): Promise<void> => {
    if (fronts > 0 || (await isNeeded())) idleSince = undefined;
    else idleSince ??= Date.now();
    if (idleSince !== undefined && Date.now() - idleSince >= IDLE_MS) onIdle();
  };
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  return {
    fronts(count: number) {
      fronts = count;
    },
    end: () => clearInterval(timer),
  };
}
