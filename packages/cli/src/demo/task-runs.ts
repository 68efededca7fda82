import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Claim, TaskRecord, TaskStore } from '@mcp-tasks/client';
import type { Pace } from './options.ts';
import type { StoreRetry } from './store-retry.ts';
import { fingerprintOf } from './task-record.ts';
import { startRun, type TaskRun } from './task-run.ts';
import type { DemoTool } from './tool.ts';

const SWEEP_MS = 1000;
/** The store considers an owner dead 10 s after its last heartbeat. */
const HEARTBEAT_MS = 3000;
const MAX_CLAIMS = 200;

export interface TaskRunsOptions {
  readonly store: TaskStore;
  /** The name of this process in the store. */
  readonly owner: string;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly pace: Pace;
  readonly storeRetry: StoreRetry;
  /** Called with each version that a run has written. */
  readonly onStep: (record: TaskRecord, event: string) => void;
  /** Called once a second. */
  readonly onSweep: () => Promise<void>;
}

/** The tasks that this process runs: those that it created, and those of processes that have died. */
export interface TaskRuns {
  has(id: string): boolean;
  /** Runs a task that this process has just created. */
  begin(id: string): Promise<void>;
  receive(record: TaskRecord): void;
  /** The record was deleted. */
  drop(id: string): void;
  /** Claims tasks without a living process from now on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createTaskRuns(options: TaskRunsOptions): TaskRuns {
  const { store, owner, tools, pace, storeRetry, onStep, onSweep } = options;
  const fingerprints = [...tools.keys()].map(fingerprintOf);
  const runs = new Map<string, TaskRun>();
  const stopping = new AbortController();
  let renewedAt = Number.NEGATIVE_INFINITY;

  async function write({ lease }: Claim, change: Change, event: string, signal: AbortSignal) {
    const written = await storeRetry.run(() => store.update(lease.id, change, lease), signal);
    if (written !== undefined) onStep(written, event);
    return written;
  }

  function run(claim: Claim): void {
    const { id } = claim.record;
    const tool = tools.get(claim.record.tool);
    if (tool === undefined || runs.has(id) || stopping.signal.aborted) return;
    const begun = startRun(claim, tool, {
      pace,
      write,
      onEnd() {
        if (runs.get(id) === begun) runs.delete(id);
      },
    });
    runs.set(id, begun);
  }

  function stopAll(): void {
    for (const each of runs.values()) each.stop();
    runs.clear();
  }

  /** A suspended process may have lost its leases: then all its runs stop. */
  async function renew(): Promise<void> {
    if (performance.now() - renewedAt < HEARTBEAT_MS) return;
    if ((await store.renew(owner)) === undefined) {
      stopAll();
      await store.renew(owner);
    }
    renewedAt = performance.now();
  }

  async function sweep(): Promise<void> {
    await renew();
    for (const claim of await store.claim({ owner, limit: MAX_CLAIMS, fingerprints })) run(claim);
    await onSweep();
  }

  async function sweepForever(): Promise<void> {
    const { signal } = stopping;
    for (;;) {
      await sleep(SWEEP_MS, undefined, { signal, ref: false });
      await storeRetry.run(sweep, signal);
    }
  }

  return {
    has: (id) => runs.has(id),
    async begin(id) {
      for (const claim of await store.claim({ owner, limit: 1, ids: [id] })) run(claim);
    },
    receive: (record) => runs.get(record.id)?.receive(record),
    drop: (id) => runs.get(id)?.stop(),
    async start() {
      await sweep();
      void sweepForever().catch(() => undefined);
    },
    async stop() {
      stopping.abort();
      stopAll();
      await store.leave(owner).catch(() => undefined);
    },
  };
}
