import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { freshDirectory } from './processes.ts';
import { verifies } from './scenarios.ts';
import { createStage, type Link, type Stage, shownAt } from './shared-task.ts';

/** A fixed seed. For other runs: `FAULTS_SEED=… FAULTS_RUNS=… npm test -- test/faults/shared-task`. */
const SEED = Number(process.env.FAULTS_SEED ?? 1);
const RUNS = Number(process.env.FAULTS_RUNS ?? 25);

const of = fc.constantFrom(0, 0, 1, 1, 2);
const key = fc.constantFrom('a', 'b', '__proto__');
const passing = fc.record({
  type: fc.constant('pass' as const),
  ms: fc.constantFrom(50, 250, 1_000, 1_000, 3_000, 12_000),
});
const happening = fc.oneof(
  fc.record({ type: fc.constant('ask' as const), key, text: fc.constantFrom('Go?', 'Stop?') }),
  fc.record({ type: fc.constant('withdraw' as const), key }),
  fc.record({ type: fc.constant('answer' as const), of, key }),
  fc.record({ type: fc.constant('answer' as const), of, key }),
  fc.record({ type: fc.constant('push' as const), of, late: fc.boolean() }),
  fc.record({
    type: fc.constant('link' as const),
    of,
    link: fc.constantFrom<Link>('up', 'up', 'down', 'deaf', 'slow'),
  }),
  fc.record({ type: fc.constant('pause' as const), of, paused: fc.boolean() }),
  fc.record({ type: fc.constant('disk' as const), of, isFull: fc.boolean() }),
  fc.record({ type: fc.constant('kill' as const), of }),
  fc.record({ type: fc.constant('start' as const), of }),
  fc.record({ type: fc.constant('cancel' as const), of }),
  fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }),
  fc.record({ type: fc.constant('end' as const) }),
);
const step = fc.oneof({ weight: 2, arbitrary: passing }, { weight: 3, arbitrary: happening });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The clock was set back after a process wrote an instant and died: the others must not wait for that instant. */
const CLOCK_BACK: Step[] = [
  { type: 'cancel', of: 0 },
  { type: 'jump', ms: -3_600_000 },
  { type: 'pass', ms: 50 },
  { type: 'kill', of: 0 },
  { type: 'ask', key: 'a', text: 'Go?' },
];

/** An answer given by a person, and whether it was reported as accepted. */
interface Given {
  readonly key: string;
  readonly text: string;
  accepted: boolean;
}

async function applyStep(stage: Stage, step: Step, given: Given[], problems: string[]): Promise<void> {
  const { server, processes } = stage;
  const process = 'of' in step ? processes[step.of] : undefined;
  if (step.type === 'pass') return stage.pass(step.ms);
  if (step.type === 'jump') return stage.jump(step.ms);
  if (step.type === 'ask') return server.set(() => server.asked.set(step.key, step.text));
  if (step.type === 'withdraw') return server.set(() => server.asked.delete(step.key));
  if (step.type === 'end') return server.end();
  if (step.type === 'start') {
    if (process === undefined) await stage.start(step.of, step.of === 2);
    return;
  }
  if (process === undefined) return;
  if (step.type === 'kill') return process.kill();
  if (step.type === 'link') process.link = step.link;
  if (step.type === 'disk') process.isFull = step.isFull;
  if (step.type === 'pause') process.paused = step.paused;
  if (process.paused) return;
  if (step.type === 'push') {
    const snapshot = server.snapshot();
    if (step.late) await stage.pass(1_000);
    process.world.connection.notify('notifications/tasks', snapshot);
  }
  if (step.type === 'cancel' && !process.observe) process.task?.cancel().catch(() => undefined);
  if (step.type !== 'answer' || process.observe || process.task === undefined) return;
  const text = shownAt(process.task, step.key);
  if (text === undefined) return;
  const answer: Given = { key: step.key, text, accepted: false };
  const content = { number: given.push(answer) - 1 };
  answerNow(process.task, step.key, { action: 'accept', content }).then(
    () => {
      if (given.some((other) => other !== answer && other.accepted && isSame(other, answer))) {
        problems.push(`"${text}" under ${step.key} was answered twice`);
      }
      answer.accepted = true;
    },
    () => undefined,
  );
}

const isSame = (one: Given, other: Given): boolean => one.key === other.key && one.text === other.text;

/** Repairs every fault and lets every process observe it. */
async function recover(stage: Stage): Promise<void> {
  for (const index of [0, 1, 2]) {
    const process = stage.processes[index] ?? (await stage.start(index, index === 2));
    Object.assign(process, { link: 'up', paused: false, isFull: false });
  }
  await stage.pass(150_000);
}

function expectOneAnswerEach({ server }: Stage, given: readonly Given[]): void {
  const sent = new Map<string, unknown>();
  for (const { key, content } of server.received) {
    const { text } = given[Number(content.number)] ?? expect.fail('an answer that nobody gave');
    const question = JSON.stringify([key, text]);
    expect(sent.get(question) ?? content, question).toEqual(content);
    sent.set(question, content);
  }
}

function expectAllSeen({ server, processes }: Stage): void {
  for (const process of processes) {
    const record = process?.task?.latest ?? expect.fail('it follows nothing');
    if (server.ended) expect(record.outcome).toMatchObject({ status: 'completed' });
    const entries = Object.entries(record.ledger);
    expect(entries.filter(([, entry]) => entry.state === 'answering')).toEqual([]);
    for (const [key, text] of server.asked) {
      const wasAnswered = server.received.some((each) => each.key === key && each.text === text);
      const isRefused = entries.some(([each, entry]) => each === key && entry.state === 'refused');
      if (!wasAnswered && !isRefused && process?.task !== undefined) expect(shownAt(process.task, key)).toBe(text);
    }
  }
}

test(
  verifies(
    ['M1', 'Q1', 'Q3', 'P12', 'L5'],
    'two processes and an observer of one task under random faults: one call, one answer per question, no lost question, no early poll, no undone outcome',
  ),
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const problems: string[] = [];
        const given: Given[] = [];
        const stage = await createStage(freshDirectory(), (problem) => problems.push(problem));
        const first = await stage.start(0, false);
        const call = await acceptedCall(first.world.client, { name: 'deploy' });
        if (call.kind === 'task') first.task = call.task;
        await stage.start(1, false);
        await stage.start(2, true);
        let settled: string | undefined;
        for (const each of steps) {
          await applyStep(stage, each, given, problems);
          const record = await stage.record();
          if (settled !== undefined) expect(JSON.stringify(record)).toBe(settled);
          if (record?.phase === 'settled') settled = JSON.stringify(record);
        }
        await recover(stage);
        expect(problems).toEqual([]);
        expect(stage.server.count.calls).toBe(1);
        if (!steps.some(({ type }) => type === 'cancel')) expect(stage.server.count.cancels).toBe(0);
        expectOneAnswerEach(stage, given);
        expectAllSeen(stage);
        await stage.close();
      }),
      { numRuns: RUNS, seed: SEED, examples: [[CLOCK_BACK]] },
    );
  },
  10_000 * RUNS,
);
