import { type ChildProcess, fork } from 'node:child_process';
import type { Chance } from './chance.ts';
import type { Journal } from './journal.ts';
import type { PlannedCall } from './planned-calls.ts';
import { type Order, WORKER, type WorkerSetup } from './worker-setup.ts';

/** Timeout for leaving, in ms; later the process is killed. */
const LEAVING_MS = 15_000;

interface Worker {
  readonly name: string;
  readonly child: ChildProcess;
  isReady: boolean;
}

/** The client processes. A dead one is restarted under the same name, with only the store to resume from. */
export interface Fleet {
  /** Exits that the run did not cause. */
  readonly crashes: readonly string[];
  send(planned: PlannedCall): boolean;
  killOne(): boolean;
  /** Stops one process (SIGSTOP), as a closed lid does, and continues it after `forMs`. */
  freezeOne(forMs: number): boolean;
  /** Sends an order to one process. */
  order(order: Order): boolean;
  finish(): void;
  leave(): Promise<void>;
  /** Kills all processes at once. */
  end(): Promise<void>;
}

export function createFleet(
  size: number,
  setup: Omit<WorkerSetup, 'name' | 'life'>,
  journal: Journal,
  chance: Chance,
): Fleet {
  const workers = new Map<string, Worker>();
  const lives = new Map<string, number>();
  const killed = new Set<ChildProcess>();
  const crashes: string[] = [];
  let isFinishing = false;
  let isLeaving = false;

  function start(name: string): void {
    const life = (lives.get(name) ?? 0) + 1;
    lives.set(name, life);
    const child = fork(WORKER, [JSON.stringify({ ...setup, name, life } satisfies WorkerSetup)], {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const worker: Worker = { name, child, isReady: false };
    workers.set(name, worker);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = `${stderr}${chunk}`.slice(-2000);
    });
    child.once('message', () => {
      worker.isReady = true;
      if (isFinishing) sendTo(worker, { kind: 'finish' });
    });
    child.once('exit', (code, signal) => {
      workers.delete(name);
      if (isLeaving) return;
      if (!killed.delete(child)) crashes.push(`${name} ended with ${code ?? signal}: ${stderr}`);
      setTimeout(() => !isLeaving && start(name), chance.between(100, 2000));
    });
  }

  function sendTo({ child }: Worker, order: Order): boolean {
    return child.connected && child.send(order, () => undefined);
  }

  for (let index = 1; index <= size; index += 1) start(`w${index}`);
  const ready = (): readonly Worker[] =>
    [...workers.values()].filter(({ isReady, child }) => isReady && !killed.has(child));
  return {
    crashes,
    send(planned) {
      const all = ready();
      return all.length > 0 && sendTo(chance.oneOf(all), { kind: 'call', planned });
    },
    killOne() {
      const all = ready();
      if (all.length === 0) return false;
      const { child, name } = chance.oneOf(all);
      killed.add(child);
      child.kill('SIGKILL');
      journal.write({ kind: 'killed', what: name });
      return true;
    },
    freezeOne(forMs) {
      const all = ready();
      if (all.length === 0) return false;
      const { child, name } = chance.oneOf(all);
      child.kill('SIGSTOP');
      journal.write({ kind: 'stopped', what: name, forMs });
      setTimeout(() => child.kill('SIGCONT'), forMs).unref();
      return true;
    },
    order(order) {
      const all = ready();
      return all.length > 0 && sendTo(chance.oneOf(all), order);
    },
    finish() {
      isFinishing = true;
      for (const worker of workers.values()) sendTo(worker, { kind: 'finish' });
    },
    async leave() {
      isLeaving = true;
      const ended = waitForExits();
      for (const worker of workers.values()) sendTo(worker, { kind: 'leave' });
      const late = setTimeout(killAll, LEAVING_MS);
      await ended;
      clearTimeout(late);
    },
    async end() {
      isLeaving = true;
      const ended = waitForExits();
      killAll();
      await ended;
    },
  };

  function killAll(): void {
    for (const { child } of workers.values()) child.kill('SIGKILL');
  }

  async function waitForExits(): Promise<void> {
    await Promise.all([...workers.values()].map(({ child }) => new Promise((resolve) => child.once('exit', resolve))));
  }
}
