import { TaskError, type TaskRecord } from '@mcp-tasks/client';
import { signedInAt } from '../../auth/credentials.ts';
import { closeSoon } from '../../session/close-soon.ts';
import type { Session } from '../../session/session.ts';
import { findWork, recordStopped } from '../../session/stop-children.ts';
import { isDemoRecord } from '../../targets/demo-target.ts';
import { identifyTarget } from '../../targets/identify-target.ts';
import { isLostForGood } from '../../targets/is-lost-for-good.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';
import { targetOfRecord } from '../../targets/target-of-record.ts';
import { clockOf } from '../clock-of.ts';
import type { Desk, DeskChange } from '../live-session.ts';
import { createLostCalls } from './lost-calls.ts';
import { openUrl } from './open-url.ts';
import { createRecordFeed } from './record-feed.ts';
import { createServerLine } from './server-connection.ts';
import type { ServerLine } from './server-connection-api.ts';

export interface RunningDesk extends Desk {
  readonly records: ReadonlyMap<string, TaskRecord>;
  readonly servers: readonly ServerLine[];
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

/** What settled longer ago is in `list --all`, not in the view. */
const RECENT_MS = 86_400_000;

export async function createDesk(session: Session, options: DeskOptions): Promise<RunningDesk> {
  const { context, flags, store, owner } = session;
  const clock = clockOf(context);
  const listeners = new Set<(change: DeskChange) => void>();
  const lines = new Map<string, ServerLine>();
  const records = new Map<string, TaskRecord>();
  /** By server: tasks that are not on record. */
  const others = new Map<string, readonly TaskRecord[]>();
  /** Task ids: what a person has just deleted does not come back as somebody else's. */
  const forgotten = new Set<string>();
  const detached = new Set<string>();
  let warning: string | undefined;
  const isChosen = options.targets.length > 0;
  const since = context.now() - RECENT_MS;

  function tell(change: DeskChange): void {
    for (const listener of listeners) listener(change);
  }

  function notice(text: string, recordId?: string): void {
    tell({ kind: 'notice', text, ...(recordId === undefined ? {} : { recordId }) });
  }

  function addLine(identity: TaskRecord['server'], resolve: () => Promise<ResolvedTarget>): ServerLine {
    const server = { resolve, observe: options.readOnly };
    const line = createServerLine({
      identity,
      clock,
      // What speaks to servers is most of the program: the view is on the screen before it is loaded.
      open: async () => (await import('./open-server.ts')).openServer(session, server),
      openSession: async (record) => (await import('./open-server.ts')).openSession(session, server, record),
      onState: tell,
      onOthers: (listed) => {
        const found = listed.filter(({ taskId }) => taskId !== null && !forgotten.has(taskId));
        others.set(identity.fingerprint, found);
        tell({ kind: 'others', fingerprint: identity.fingerprint, records: found });
      },
      onNotice: notice,
      onLost(id, trouble) {
        const record = records.get(id);
        if (record !== undefined) lost.add(record, trouble);
      },
      signedInAt: () => signedInAt(context, identity.fingerprint),
    });
    lines.set(identity.fingerprint, line);
    return line;
  }

  for (const target of options.targets) {
    const identity = identifyTarget(target);
    if (!lines.has(identity.fingerprint)) addLine(identity, async () => target);
  }

  function isShown(record: TaskRecord): boolean {
    if (isChosen && !lines.has(record.server.fingerprint)) return false;
    return record.phase !== 'settled' || record.updatedAt > since || records.has(record.id);
  }

  function tellRecords(changed: readonly TaskRecord[], removed: readonly string[] = []): void {
    for (const record of changed) records.set(record.id, record);
    tell({ kind: 'records', records: changed, removed });
  }

  const lost = createLostCalls({ ...clock, store, onLost: tellRecords });

  const feed = createRecordFeed(
    store,
    (changed, removed) => {
      const shown = lost.read(changed.filter(isShown));
      for (const id of removed) {
        const line = lineOf(records.get(id));
        records.delete(id);
        line?.unfollow(id);
      }
      tellRecords(shown, removed);
      for (const record of shown) void attend(record);
    },
    (error) => notice(error instanceof Error ? error.message : String(error)),
  );

  function lineOf(record: TaskRecord | undefined): ServerLine | undefined {
    return record === undefined ? undefined : lines.get(record.server.fingerprint);
  }

  /** Open tasks are followed; those whose server is the child of another living process only through the record. */
  async function attend(record: TaskRecord): Promise<void> {
    if (record.phase === 'settled') return lineOf(record)?.unfollow(record.id);
    if (detached.has(record.id) || record.server.target.kind === 'host' || (await isLostForGood(record))) return;
    if (!isChosen && record.server.target.kind === 'command' && !isDemoRecord(record) && (await isHeld(record))) return;
    lineFor(record).follow(record);
  }

  async function isHeld({ id }: TaskRecord): Promise<boolean> {
    const holder = await store.ownerOf(id).catch(() => undefined);
    return holder !== undefined && holder !== owner;
  }

  function lineFor(record: TaskRecord): ServerLine {
    const known = lineOf(record);
    if (known !== undefined) return known;
    return addLine(record.server, () => targetOfRecord(record, flags as ConnectFlags, context));
  }

  function known(id: string): TaskRecord {
    const record = records.get(id);
    if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
    return record;
  }

  /** The record, put there if somebody else called the task. */
  async function adopt(id: string): Promise<TaskRecord> {
    const [fingerprint, other] =
      [...others].flatMap(([of, found]) =>
        found.filter((each) => each.id === id).map((each) => [of, each] as const),
      )[0] ?? [];
    if (records.has(id) || fingerprint === undefined || other?.taskId == null) return known(id);
    const adopted = await server(fingerprint).adopt(other.taskId);
    const record = await store.read(adopted);
    if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
    return record;
  }

  function server(fingerprint: string): ServerLine {
    const line = lines.get(fingerprint);
    if (line === undefined) throw new TaskError('not-found', 'That server is not watched here');
    return line;
  }

  const children = { store, owner, now: context.now };

  /** A server that only looks changes no record. */
  async function work(): Promise<readonly TaskRecord[]> {
    const ours = [...records.values()].filter((record) => lineOf(record)?.state.state === 'connected');
    return options.readOnly ? [] : findWork(ours, children);
  }

  function refuseReadOnly(): void {
    if (options.readOnly) throw new TaskError('unsupported', 'This view only looks (--read-only)');
  }

  return {
    records,
    get servers() {
      return [...lines.values()];
    },
    subscribe(listener) {
      listeners.add(listener);
      for (const line of lines.values()) listener(line.state);
      if (warning !== undefined) listener({ kind: 'warning', text: warning });
      for (const [fingerprint, found] of others) listener({ kind: 'others', fingerprint, records: found });
      if (records.size > 0) listener({ kind: 'records', records: [...records.values()], removed: [] });
      return () => listeners.delete(listener);
    },
    warn(text) {
      warning = text;
      tell({ kind: 'warning', text });
    },
    async start() {
      await feed.start();
      for (const line of lines.values()) line.start();
    },
    async adopt(id) {
      refuseReadOnly();
      await adopt(id);
    },
    async answer({ id, key, digest, response, again = false }) {
      refuseReadOnly();
      const record = known(id);
      const handle = await lineFor(record).handle(record);
      const question = await handle.question(key, digest);
      await question.answer(response, { signal: context.interrupt, again });
    },
    async cancel(id) {
      refuseReadOnly();
      const record = await adopt(id);
      const handle = await lineFor(record).handle(record);
      await handle.cancel({ signal: context.interrupt });
    },
    detach(id) {
      detached.add(id);
      lineOf(records.get(id))?.unfollow(id);
    },
    follow(id) {
      detached.delete(id);
      const record = records.get(id);
      if (record !== undefined) void attend(record);
    },
    async forget(id) {
      refuseReadOnly();
      const taskId = records.get(id)?.taskId;
      if (taskId != null) forgotten.add(taskId);
      await store.remove(id);
    },
    tools: async (fingerprint) => server(fingerprint).tools(),
    async call(fingerprint, tool, args) {
      refuseReadOnly();
      await server(fingerprint).call(tool, args);
    },
    async begin(fingerprint, tool, args) {
      refuseReadOnly();
      return server(fingerprint).call(tool, args);
    },
    openUrl: (url) => openUrl(url, context.platform),
    workOfChildren: async () => (await work()).map(({ id }) => id),
    async close() {
      feed.stop();
      lost.stop();
      const stopped = await work();
      await closeSoon({ close: () => Promise.all([...lines.values()].map((line) => line.close())) });
      await recordStopped(stopped, children);
    },
  };
}
