import { openMailbox } from '@mcp-tasks/client';
import { describeAnswers, type Figures } from './figures.ts';
import { createFleetWorld, type FleetOptions, type FleetWorld } from './fleet-world.ts';
import { type Fault, injectFault } from './inject-fault.ts';
import { pause, waitFor } from './wait-for.ts';

export interface RunOptions extends FleetOptions {
  /** Duration of counting statements, without faults. */
  readonly quietMs: number;
  /** Faults applied in order, with a pause between. */
  readonly faults: readonly Fault[];
  readonly pauseMs: number;
  readonly asksPerSecond: number;
  readonly report?: (text: string) => void;
}

/** Number of unanswered questions that an error lists. */
const MAX_LISTED = 5;
const ANSWER = { action: 'accept', content: { round: 'on' } };

/** Opens questions and answers them through a mailbox, without a connection to the server, until stopped. */
function answerQuestions({ server, opened }: FleetWorld, { tasks, asksPerSecond }: RunOptions) {
  const mailbox = openMailbox(opened.store);
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  let isOver = false;
  const timer = setInterval(() => server.ask(`t${Math.floor(Math.random() * tasks)}`), 1_000 / asksPerSecond);

  async function answer(id: string, key: string): Promise<void> {
    const name = `${id} ${key}`;
    if (sentAt.has(name)) return;
    sentAt.set(name, Date.now());
    const answered = (await mailbox.get(id).question(key)).answer(ANSWER);
    await answered.catch(() => sentAt.delete(name));
  }

  async function round(): Promise<void> {
    const { records } = await mailbox.list({ asking: true }, { limit: 200 });
    for (const { id, inputRequests } of records) {
      for (const key of Object.keys(inputRequests)) void answer(id, key).catch(() => sentAt.delete(`${id} ${key}`));
    }
  }

  server.onAnswer = (taskId, key) => {
    const since = sentAt.get(`a${taskId.slice(1)} ${key}`);
    if (since !== undefined) latencies.push(Date.now() - since);
  };
  const answering = (async () => {
    while (!isOver) {
      await round().catch(() => undefined);
      await pause(100);
    }
  })();

  return {
    latencies,
    /** Opens no more questions; resolves when every open one is answered. */
    async stop() {
      clearInterval(timer);
      const asking = () => [...server.tasks].filter(([, { status }]) => status === 'input_required');
      await waitFor(() => asking().length === 0).catch(async (error: Error) => {
        for (const [id] of asking().slice(0, MAX_LISTED)) {
          const [record, owner] = [
            await opened.store.read(`a${id.slice(1)}`),
            await opened.store.ownerOf(`a${id.slice(1)}`),
          ];
          error.message += `\n${id} of ${owner}: ${JSON.stringify(record)}`;
        }
        throw error;
      });
      isOver = true;
      await answering;
      await mailbox.close();
    },
  };
}

function statementsOf({ workers }: FleetWorld): number {
  return [...workers].reduce((sum, { statements }) => sum + statements, 0);
}

/** Runs worker processes, injects the faults, and returns the counts of the server. */
export async function runFleet(options: RunOptions): Promise<Figures> {
  const { workers, tasks, quietMs, faults, pauseMs, hintMs, report = () => undefined } = options;
  const world = await createFleetWorld(options);
  const { server, delivered } = world;
  server.onNotice = report;
  try {
    for (let count = 0; count < workers; count += 1) await world.start();
    await waitFor(async () => (await world.heldByAll()) === tasks && server.tasks.size === tasks);
    report(`every task is held and polled: ${[...world.workers].map(({ held }) => held).join(', ')}`);
    await pause(hintMs);
    const begunAt = Date.now();
    const before = statementsOf(world);
    await pause(quietMs);
    const statements = ((statementsOf(world) - before) / quietMs) * 1_000;
    const questions = answerQuestions(world, options);
    const takeoversMs: Record<string, number[]> = {};
    for (const kind of faults) {
      const tookMs = await injectFault(world, kind);
      takeoversMs[kind] = [...(takeoversMs[kind] ?? []), tookMs];
      report(`${kind}: ${tookMs} ms; ${JSON.stringify(server.count)}; ${describeAnswers(questions.latencies)}`);
      await pause(pauseMs);
    }
    await questions.stop();
    for (const id of server.tasks.keys()) server.finish(id);
    await waitFor(() => delivered.size === tasks).catch(() => undefined);
    const running = [...world.workers];
    for (const worker of running) worker.signal('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
    return {
      workers,
      tasks,
      seconds: (Date.now() - begunAt) / 1_000,
      ...server.count,
      lost: tasks - delivered.size,
      crashes: world.crashes,
      deliveredAgain: [...delivered.values()].reduce((sum, times) => sum + times - 1, 0),
      takeoversMs,
      answersMs: questions.latencies,
      statements,
    };
  } finally {
    await world.end();
  }
}
