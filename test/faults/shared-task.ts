import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import { TaskError } from '../../packages/client/src/errors.ts';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions, type TaskRecord } from '../../packages/client/src/task/record.ts';
import { createFakeClock, fail, type SentRequest } from '../../packages/client/src/testing/index.ts';
import { createChance } from '../soak/chance.ts';
import { createWorld, type World } from './world.ts';

export type Link = 'up' | 'down' | 'deaf' | 'slow';

const HINT_MS = 1_000;
/** How long a process runs before the next one, in ms. */
const TURN_MS = 250;

/** A server with one task, which asks under a few keys and records what it receives. */
export function createServer() {
  const asked = new Map<string, string>();
  const received: { key: string; text: string | undefined; content: JsonObject }[] = [];
  let status = 'working';
  let version = 0;
  const count = { calls: 0, cancels: 0 };

  function snapshot(): JsonObject {
    const requests = [...asked].map(([key, message]) => [key, { method: 'elicitation/create', params: { message } }]);
    const ended = status === 'completed' ? { result: { content: [] } } : {};
    const lastUpdatedAt = new Date(version).toISOString();
    const task = { taskId: 't1', status, lastUpdatedAt, pollIntervalMs: HINT_MS, ttlMs: null };
    return { ...task, ...ended, inputRequests: Object.fromEntries(requests) };
  }

  function handle({ method, params }: SentRequest): JsonObject {
    if (method === 'tools/call') {
      count.calls += 1;
      return { ...snapshot(), resultType: 'task' };
    }
    if (method === 'tasks/get') return snapshot();
    if (status === 'completed') return fail({ kind: 'rpc', code: -32602, message: 'The task has ended' });
    if (method === 'tasks/cancel') count.cancels += 1;
    for (const [key, { content }] of Object.entries((params.inputResponses ?? {}) as Record<string, JsonObject>)) {
      received.push({ key, text: asked.get(key), content: content as JsonObject });
    }
    return {};
  }

  return {
    asked,
    received,
    count,
    snapshot,
    handle,
    get ended() {
      return status === 'completed';
    },
    set(change: () => void) {
      if (status === 'completed') return;
      version += 1_000;
      change();
      status = asked.size > 0 ? 'input_required' : 'working';
    },
    end() {
      version += 1_000;
      status = 'completed';
      asked.clear();
    },
  };
}

export interface Process {
  link: Link;
  paused: boolean;
  /** Its disk is full. */
  isFull: boolean;
  readonly observe: boolean;
  readonly world: World;
  task: FollowedTask | undefined;
  /** Ends it like `kill -9`: it sends and writes nothing from here on. */
  kill(): void;
}

const WRITES: readonly string[] = ['update', 'updateMany', 'renew', 'claim', 'release'];

/** Blocks every access of a dead process, and every write while the disk is full. */
function killableStore(store: TaskStore, isDead: () => boolean, isFull: () => boolean): TaskStore {
  const guard = (target: TaskStore, name: keyof TaskStore) => {
    const method = target[name];
    if (typeof method !== 'function' || name === 'newOwner') return method;
    if (name === 'onMail') return (...args: Parameters<TaskStore['onMail']>) => target.onMail(...args);
    return async (...args: unknown[]) => {
      if (isDead()) return new Promise(() => undefined);
      if (isFull() && WRITES.includes(name)) throw new TaskError('store-unwritable', 'the disk is full');
      return (method as (...args: unknown[]) => unknown)(...args);
    };
  };
  return new Proxy(store, { get: (target, name) => guard(target, name as keyof TaskStore) });
}

export async function createStage(directory: string, reportProblem: (problem: string) => void) {
  const server = createServer();
  const disk = await openSqliteStore({ directory, durable: false });
  const processes: (Process | undefined)[] = [];
  let wall = 1_700_000_000_000;
  let jumped = false;

  async function start(index: number, observe: boolean): Promise<Process> {
    const { next: random } = createChance(index, 'jitter');
    const clock = createFakeClock({ now: wall, random });
    let dead = false;
    const own = await openSqliteStore({ directory, clock, durable: false }); // its accesses take no real time
    const script = async (request: SentRequest): Promise<JsonObject> => {
      if (dead) return new Promise(() => undefined);
      if (observe && request.method !== 'tasks/get') reportProblem(`an observer sent ${request.method}`);
      if (request.method === 'tasks/get') {
        const [record] = (await own.list()).records;
        // A poll without changes may have moved `nextPollAt` in memory only.
        const known = process.task?.latest.nextPollAt ?? Number.POSITIVE_INFINITY;
        const early = Math.min(record?.nextPollAt ?? 0, known) - clock.now();
        // A process that saw the clock jump may poll once too early.
        if (early > 0 && !jumped) reportProblem(`polled ${early} ms early`);
      }
      const { link } = process;
      if (link === 'down') return fail({ kind: 'transport', message: 'ECONNREFUSED' });
      const answer = server.handle(request);
      if (link === 'deaf') return fail({ kind: 'transport', message: 'ECONNRESET' });
      if (link === 'slow') await new Promise<void>((resolve) => clock.schedule(3_000, resolve));
      return answer;
    };
    const store = killableStore(
      own,
      () => dead,
      () => process.isFull,
    );
    const world = createWorld(script, { store, clock, observe });
    const process: Process = {
      link: 'up',
      paused: false,
      isFull: false,
      observe,
      world,
      task: undefined,
      kill() {
        dead = true;
        processes[index] = undefined;
        void own.close();
      },
    };
    processes[index] = process;
    if ((await disk.list()).records.length > 0) process.task = await world.client.get('t1').follow();
    return process;
  }

  return {
    server,
    processes,
    start,
    record: async (): Promise<TaskRecord | undefined> => (await disk.list()).records[0],
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= TURN_MS) {
        const turn = Math.min(left, TURN_MS);
        wall += turn;
        for (const process of processes) {
          if (process === undefined) continue;
          if (process.paused) process.world.clock.jump(turn);
          else await process.world.clock.advance(turn);
        }
      }
    },
    /** Moves the wall clock of all processes. */
    jump(ms: number): void {
      wall += ms;
      jumped = true;
      for (const process of processes) process?.world.clock.jump(ms);
    },
    async close(): Promise<void> {
      await Promise.all(processes.map((process) => process?.world.client.close()));
      for (const process of processes) process?.kill();
      await disk.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** The question shown to a person under this key. */
export function shownAt(task: FollowedTask, key: string): string | undefined {
  const [, request] = Object.entries(openQuestions(task.latest)).find(([each]) => each === key) ?? [];
  return request === undefined ? undefined : String(request.params.message);
}
