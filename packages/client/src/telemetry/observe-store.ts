import { type Attributes, type Meter, metrics } from '@opentelemetry/api';
import type { Claim, Lease, TaskStore } from '../store/task-store.ts';
import { openQuestions, type TaskRecord } from '../task/record.ts';
import { createHeldTasks } from './held-tasks.ts';

/** Target of measurements. */
export interface ObserveOptions {
  /** Meter of the measurements. @default `mcp-tasks` of the global meter provider */
  readonly meter?: Meter | undefined;
}

/** Limit of records read for the question gauges. */
const MOST_QUESTIONS = 1_000;

/** When the task's current question was asked. */
function askedAt(record: TaskRecord): number | undefined {
  if (Object.keys(openQuestions(record)).length === 0) return undefined;
  return record.history.findLast(({ status }) => status === 'input_required')?.at ?? record.updatedAt;
}

/**
 * Wraps a store to measure it: `mcp_tasks.store.duration`, `mcp_tasks.claims`, `mcp_tasks.takeovers`,
 * `mcp_tasks.lease.margin`, `mcp_tasks.held` (by owners of this process), `mcp_tasks.open` (whole store, at the last
 * heartbeat), `mcp_tasks.questions` and their age, `mcp_tasks.questions.oldest`. Closing the store ends the gauges.
 *
 * @example
 * import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
 * import { observeStore } from '@mcp-tasks/client/telemetry';
 *
 * const store = observeStore(await openSqliteStore({ directory: './state' }));
 */
export function observeStore(
  store: TaskStore,
  { meter = metrics.getMeter('mcp-tasks') }: ObserveOptions = {},
): TaskStore {
  const duration = meter.createHistogram('mcp_tasks.store.duration', { unit: 'ms' });
  const claims = meter.createCounter('mcp_tasks.claims');
  const takeovers = meter.createCounter('mcp_tasks.takeovers');
  const margin = meter.createHistogram('mcp_tasks.lease.margin', { unit: 'ms' });
  const heldGauge = meter.createObservableGauge('mcp_tasks.held');
  const openGauge = meter.createObservableGauge('mcp_tasks.open');
  const questionGauge = meter.createObservableGauge('mcp_tasks.questions');
  const ageGauge = meter.createObservableGauge('mcp_tasks.questions.oldest', { unit: 'ms' });
  const held = createHeldTasks();
  const renewedAt = new Map<string, number>();
  let open: number | undefined;

  async function timed<T>(method: string, work: () => Promise<T>): Promise<T> {
    const since = performance.now();
    const attributes: Attributes = { method };
    try {
      return await work();
    } catch (error) {
      attributes.error = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      throw error;
    } finally {
      duration.record(performance.now() - since, attributes);
    }
  }

  function noteClaims(owner: string, given: readonly Claim[]): void {
    const fresh = given.filter(({ lease }) => !held.has(lease));
    if (fresh.length > 0) claims.add(fresh.length);
    const taken = fresh.filter(({ lease }) => lease.fence > 1).length;
    if (taken > 0) takeovers.add(taken);
    for (const { lease } of given) held.add(owner, lease);
  }

  async function renew(owner: string) {
    const since = performance.now();
    const tenure = await timed('renew', () => store.renew(owner));
    const before = renewedAt.get(owner);
    if (tenure === undefined) {
      renewedAt.delete(owner);
      held.drop(owner);
      return tenure;
    }
    open = tenure.open;
    // Margin: how much of the lease was left when the heartbeat arrived.
    if (before !== undefined) margin.record(before + tenure.lifetimeMs - performance.now());
    renewedAt.set(owner, since);
    return tenure;
  }

  const observeHeld: Parameters<typeof heldGauge.addCallback>[0] = (result) => {
    for (const [owner, count] of held.counts()) result.observe(count, { owner });
  };
  const observeOpen: Parameters<typeof openGauge.addCallback>[0] = (result) => {
    if (open !== undefined) result.observe(open);
  };
  const observeQuestions: Parameters<typeof questionGauge.addCallback>[0] = async (result) => {
    const { records } = await store.list({ asking: true }, { limit: MOST_QUESTIONS });
    result.observe(records.length);
  };
  const observeAge: Parameters<typeof ageGauge.addCallback>[0] = async (result) => {
    const { records } = await store.list({ asking: true }, { limit: MOST_QUESTIONS });
    const first = Math.min(...records.flatMap((record) => askedAt(record) ?? []));
    result.observe(Number.isFinite(first) ? Math.max(0, Date.now() - first) : 0);
  };
  heldGauge.addCallback(observeHeld);
  openGauge.addCallback(observeOpen);
  questionGauge.addCallback(observeQuestions);
  ageGauge.addCallback(observeAge);

  return {
    ...store,
    create: (...args) => timed('create', () => store.create(...args)),
    read: (id) => timed('read', () => store.read(id)),
    find: (prefix) => timed('find', () => store.find(prefix)),
    list: (...args) => timed('list', () => store.list(...args)),
    update: (...args) => timed('update', () => store.update(...args)),
    updateMany: (steps) => timed('updateMany', () => store.updateMany(steps)),
    renew,
    async claim(request) {
      const given = await timed('claim', () => store.claim(request));
      noteClaims(request.owner, given);
      return given;
    },
    async release(leases: readonly Lease[]) {
      for (const lease of leases) held.remove(lease);
      await timed('release', () => store.release(leases));
    },
    async leave(owner) {
      held.drop(owner);
      renewedAt.delete(owner);
      await timed('leave', () => store.leave(owner));
    },
    remove: (id) => timed('remove', () => store.remove(id)),
    prune: (before) => timed('prune', () => store.prune(before)),
    close() {
      heldGauge.removeCallback(observeHeld);
      openGauge.removeCallback(observeOpen);
      questionGauge.removeCallback(observeQuestions);
      ageGauge.removeCallback(observeAge);
      return store.close();
    },
  };
}
