import { openMailbox, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { saveToCurrentFolder } from '../../session/save-result.ts';
import type { Session } from '../../session/session.ts';
import { identifyTarget } from '../../targets/identify-target.ts';
import type { LiveSessionOptions, RunningLiveSession } from './create-live-session.ts';
import { createLiveListeners } from './live-listeners.ts';
import { openUrl } from './open-url.ts';
import { createRecordFeed } from './record-feed.ts';

/** Settled tasks stay in the view for one day, in ms; older ones are in `list --all`. */
const RECENT_MS = 86_400_000;

/** Live session of a shared store: reads records and sends requests to the workers' mailbox, not to servers. */
export async function createMailSession(
  session: Session,
  { targets, readOnly }: LiveSessionOptions,
): Promise<RunningLiveSession> {
  const { context, store, person } = session;
  const servers = new Set(targets.map((target) => identifyTarget(target).fingerprint));
  const records = new Map<string, TaskRecord>();
  const mailbox = openMailbox(store, { person });
  const since = context.now() - RECENT_MS;
  const { report, subscribe, warn } = createLiveListeners(() =>
    records.size === 0 ? [] : [{ kind: 'records', records: [...records.values()], removed: [] }],
  );

  function isShown({ id, phase, updatedAt, server }: TaskRecord): boolean {
    if (servers.size > 0 && !servers.has(server.fingerprint)) return false;
    return phase !== 'settled' || updatedAt > since || records.has(id);
  }

  function reportRecords(changed: readonly TaskRecord[], removed: readonly string[]): void {
    const shown = changed.filter(isShown);
    for (const record of shown) records.set(record.id, record);
    for (const id of removed) records.delete(id);
    report({ kind: 'records', records: shown, removed });
  }

  const feed = createRecordFeed(store, reportRecords, (error) =>
    report({ kind: 'notice', text: error instanceof Error ? error.message : String(error) }),
  );

  function refuseReadOnly(): void {
    if (readOnly) throw new TaskError('unsupported', 'This view is read-only (--read-only)');
  }

  async function refuseCall(): Promise<never> {
    throw new TaskError('unsupported', 'Tasks of a shared store are started by its workers and hosts, not here');
  }

  return {
    records,
    servers: [],
    subscribe,
    warn,
    start: () => feed.start(),
    adopt: async () => undefined,
    async answer({ id, key, digest, response, again = false }) {
      refuseReadOnly();
      const question = await mailbox.get(id).question(key, digest);
      await question.answer(response, { signal: context.interrupt, again });
    },
    async cancel(id) {
      refuseReadOnly();
      await mailbox.get(id).cancel({ signal: context.interrupt });
    },
    detach: () => undefined,
    follow: () => undefined,
    polling: async (id) => ({ by: (await store.ownerOf(id)) === undefined ? 'nobody' : 'another' }),
    save: async (id) => {
      const record = await store.read(id);
      if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
      return saveToCurrentFolder(record, context);
    },
    async forget(id) {
      refuseReadOnly();
      await mailbox.get(id).forget();
    },
    tools: refuseCall,
    call: refuseCall,
    begin: refuseCall,
    openUrl: (url) => openUrl(url, context.platform),
    workUnderWay: async () => ({ ids: [], isKept: false }),
    stopServers: async () => undefined,
    async close() {
      feed.stop();
      await mailbox.close();
    },
  };
}
