import { TaskError, type TaskRecord } from '@mcp-tasks/client';
import { saveInWords } from '../../session/save-result.ts';
import type { Session } from '../../session/session.ts';
import { settleAsRerun } from '../../session/settle-as-rerun.ts';
import { findWork, recordStopped } from '../../session/stop-children.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import { clockOf } from '../clock-of.ts';
import type { Desk, DeskChange, GivenCall } from '../live-session.ts';
import { openUrl } from './open-url.ts';
import type { ServerConnection } from './server-connection-api.ts';
import { createWatchedRecords } from './watched-records.ts';
import { createWatchedServers } from './watched-servers.ts';

export interface RunningDesk extends Desk {
  readonly records: ReadonlyMap<string, TaskRecord>;
  readonly servers: readonly ServerConnection[];
  /** Resolves once what is on record has been told; servers answer when they answer. */
  start(): Promise<void>;
  /** What stays wrong: said for as long as the view is open. */
  warn(text: string): void;
  /** Like `call`, and tells under which id. */
  begin(serverFingerprint: string, tool: string, args: TaskRecord['arguments']): Promise<string>;
  close(): Promise<void>;
}

export interface DeskOptions {
  /** Watch these servers; none means all that have open tasks. */
  readonly targets: readonly ResolvedTarget[];
  readonly readOnly: boolean;
}

/** What the view does with records and servers: told as it changes, and a person's acts on it. */
export async function createDesk(session: Session, { targets, readOnly }: DeskOptions): Promise<RunningDesk> {
  const { context, store, owner } = session;
  const clock = clockOf(context);
  const listeners = new Set<(change: DeskChange) => void>();
  let warning: string | undefined;

  function tell(change: DeskChange): void {
    for (const listener of listeners) listener(change);
  }

  const servers = createWatchedServers(session, {
    targets,
    readOnly,
    clock,
    tell,
    onLost: (id, trouble) => records.lose(id, trouble),
  });
  const records = createWatchedRecords(session, { servers, isChosen: targets.length > 0, clock, tell });
  const children = { store, owner, now: context.now };

  /** A server that only looks changes no record. */
  async function work(): Promise<readonly TaskRecord[]> {
    const ours = [...records.all.values()].filter((record) => servers.find(record)?.state.state === 'connected');
    return readOnly ? [] : findWork(ours, children);
  }

  function refuseReadOnly(): void {
    if (readOnly) throw new TaskError('unsupported', 'This view only looks (--read-only)');
  }

  /** The record, put there if somebody else called the task. */
  async function adopt(id: string): Promise<TaskRecord> {
    const [found] = [...servers.others].flatMap(([fingerprint, listed]) =>
      listed.filter((each) => each.id === id).map(({ taskId }) => ({ fingerprint, taskId })),
    );
    if (records.all.has(id) || found === undefined || found.taskId === null) return records.known(id);
    const record = await store.read(await servers.named(found.fingerprint).adopt(found.taskId));
    if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
    return record;
  }

  async function call({ fingerprint, tool, args, rerunOf }: GivenCall): Promise<string> {
    refuseReadOnly();
    const id = await servers.named(fingerprint).call(tool, args, rerunOf);
    await settleAsRerun(store, rerunOf, id, context.now());
    return id;
  }

  return {
    records: records.all,
    get servers() {
      return [...servers.lines.values()];
    },
    subscribe(listener) {
      listeners.add(listener);
      for (const line of servers.lines.values()) listener(line.state);
      if (warning !== undefined) listener({ kind: 'warning', text: warning });
      for (const [fingerprint, found] of servers.others) listener({ kind: 'others', fingerprint, records: found });
      const known = [...records.all.values()];
      if (known.length > 0) listener({ kind: 'records', records: known, removed: [] });
      return () => listeners.delete(listener);
    },
    warn(text) {
      warning = text;
      tell({ kind: 'warning', text });
    },
    async start() {
      await records.start();
      for (const line of servers.lines.values()) line.start();
    },
    async adopt(id) {
      refuseReadOnly();
      await adopt(id);
    },
    async answer({ id, key, digest, response, again = false }) {
      refuseReadOnly();
      const record = records.known(id);
      const handle = await servers.of(record).handle(record);
      const question = await handle.question(key, digest);
      await question.answer(response, { signal: context.interrupt, again, as: session.person });
    },
    async cancel(id) {
      refuseReadOnly();
      const record = await adopt(id);
      const handle = await servers.of(record).handle(record);
      await handle.cancel({ signal: context.interrupt });
    },
    detach: records.detach,
    follow: records.follow,
    async polling(id) {
      const holder = await store.ownerOf(id);
      const known = holder === owner ? servers.find(records.all.get(id))?.latest(id) : undefined;
      if (known === undefined) return { by: holder === undefined ? 'nobody' : 'another' };
      return { by: 'here', observedAt: known.observedAt, nextPollAt: known.nextPollAt };
    },
    save: (id) => saveInWords(records.known(id), context),
    async forget(id) {
      refuseReadOnly();
      const taskId = records.all.get(id)?.taskId;
      if (taskId != null) servers.forget(taskId);
      await store.remove(id);
    },
    tools: async (fingerprint) => servers.named(fingerprint).tools(),
    async call(given) {
      await call(given);
    },
    begin: (fingerprint, tool, args) => call({ fingerprint, tool, args }),
    openUrl: (url) => openUrl(url, context.platform),
    workOfChildren: async () => (await work()).map(({ id }) => id),
    async close() {
      records.stop();
      const stopped = await work();
      await servers.close();
      await recordStopped(stopped, children);
    },
  };
}
