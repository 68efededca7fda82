import { setTimeout as sleep } from 'node:timers/promises';
import { createTaskClient, type TaskClient, type TaskRecord, type TaskStore } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { processOwner } from '@mcp-tasks/client/sqlite-store';
import type { Chance } from './chance.ts';
import { JOBS } from './job-mapping.ts';
import { type Lane, laneOf } from './planned-calls.ts';
import { WORKER_HEADER, type WorkerSetup } from './worker-setup.ts';

const CONNECT_MS = 10_000;

/** The clients of one worker: one per server, or one per session where tasks belong to sessions. */
export interface WorkerConnections {
  /** A client for a new call; retries until connected. */
  toCall(lane: Lane): Promise<TaskClient>;
  /** A client for an existing record, in its session. */
  toFollow(record: TaskRecord): Promise<TaskClient>;
  /** Closes one connection without closing its client, like a host that has not noticed a lost connection. */
  endOne(onEnd: (lane: string) => void): Promise<void>;
  close(): Promise<void>;
}

export function createConnections(setup: WorkerSetup, store: TaskStore, chance: Chance): WorkerConnections {
  const open = new Map<string, Promise<TaskClient>>();
  const stranded: TaskClient[] = [];
  let isClosing = false;

  function forget(client: Promise<TaskClient>): void {
    for (const [each, value] of open) if (value === client) open.delete(each);
  }

  async function connectOnce(lane: Lane, sessionId: string | undefined): Promise<TaskClient> {
    const revision = lane.split(' ')[0] as string;
    const session = sessionId === undefined ? {} : { sessionId, revision };
    const connection = await connect(setup.targets[lane], {
      ...session,
      timeoutMs: CONNECT_MS,
      headers: { [WORKER_HEADER]: setup.name },
    });
    const jobs = lane === 'jobs http' ? { jobs: JOBS } : {};
    return createTaskClient({ connection, store, owner: processOwner(), ...jobs });
  }

  async function keepTrying(lane: Lane, sessionId: string | undefined): Promise<TaskClient> {
    for (;;) {
      if (isClosing) throw new Error('This worker is leaving');
      try {
        return await connectOnce(lane, sessionId);
      } catch {
        await sleep(chance.between(200, 1500));
      }
    }
  }

  function clientFor(lane: Lane, sessionId: string | undefined): Promise<TaskClient> {
    const key = `${lane} ${sessionId ?? ''}`;
    const known = open.get(key);
    if (known !== undefined) return known;
    const client = keepTrying(lane, sessionId);
    open.set(key, client);
    client.then(
      (ready) => {
        const mine = ready.connection.negotiated.sessionId;
        if (mine !== undefined) open.set(`${lane} ${mine}`, client);
        // A killed stdio server: its tasks are in its store, and the next process resumes them.
        ready.connection.onClosed(() => {
          forget(client);
          void ready.close();
        });
      },
      () => open.delete(key),
    );
    return client;
  }

  return {
    toCall: (lane) => clientFor(lane, undefined),
    toFollow: (record) => clientFor(laneOf(record), record.sessionId),
    async endOne(onEnd) {
      const all = [...new Set(open.values())];
      if (all.length === 0) return;
      const client = chance.oneOf(all);
      const [key = ''] = [...open].find(([, each]) => each === client) ?? [];
      forget(client);
      const ready = await client.catch(() => undefined);
      if (ready === undefined) return;
      stranded.push(ready);
      onEnd(key.split(' ').slice(0, 2).join(' '));
      await ready.connection.close({ keepSession: true });
    },
    async close() {
      isClosing = true;
      const settled = await Promise.allSettled(new Set(open.values()));
      const clients = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      await Promise.all([...clients, ...stranded].map((client) => client.close()));
    },
  };
}
