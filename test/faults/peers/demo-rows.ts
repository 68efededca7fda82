import type { FaultPlan } from '../../soak/fault-plan.ts';
import { type Cell, describeEnd, isCompleted } from './cell.ts';
import type { ContenderName, Instructions } from './contender.ts';
import { newestOf, type Row } from './rows.ts';
import { type ClientRun, runChild } from './run-child.ts';
import { freshHome, serveDemo, type WatchedDemo } from './serve-demo.ts';

const ASKS = { tool: 'mischief', args: { ask: true } } as const;
const BATCH = { tool: 'batch', args: { items: 8 } } as const;
const LIMIT_MS = 20_000;
const ANSWERS = ['tasks/update', '(answer)'];

type Drive = (instructions: Omit<Instructions, 'act' | 'questions'>, demo: WatchedDemo) => Promise<Cell>;

function onDemo(
  row: Omit<Row, 'run'> & { readonly revision?: '2025-11-25'; readonly faultFor?: () => FaultPlan['faultFor'] },
  { tool, args }: Pick<Instructions, 'tool' | 'args'>,
  drive: Drive,
): Row {
  const { name, wanted, revision, faultFor } = row;
  return {
    name,
    wanted,
    async run(contender: ContenderName) {
      const demo = await serveDemo(revision ?? newestOf(contender), faultFor?.());
      const { home, remove } = freshHome();
      try {
        return await drive({ contender, url: demo.url, tool, args, home }, demo);
      } finally {
        await demo.stop();
        remove();
      }
    },
  };
}

function asked({ events }: ClientRun): number {
  return events.filter(({ kind }) => kind === 'asked').length;
}

/** Cuts off the first answer: an update, or on 2025-11-25 a response. */
function cutFirstAnswer(): FaultPlan['faultFor'] {
  let isCut = false;
  return (method) => {
    if (isCut || !ANSWERS.includes(method)) return undefined;
    isCut = true;
    return { kind: 'dropped before' };
  };
}

async function driveAnswering(instructions: Omit<Instructions, 'act' | 'questions'>): Promise<Cell> {
  const observed = await runChild({ ...instructions, act: 'call', questions: 'accept' }, { limitMs: LIMIT_MS });
  return {
    survived: isCompleted(observed) && asked(observed) === 1,
    text: `${describeEnd(observed, LIMIT_MS)}; asked ${asked(observed)} time(s)`,
  };
}

async function killAndResume(
  instructions: Omit<Instructions, 'act' | 'questions'>,
  { wire }: WatchedDemo,
  act: Instructions['act'],
): Promise<Cell> {
  const enough = ({ kind }: { readonly kind: string }) => kind === 'task';
  await runChild({ ...instructions, act: 'call', questions: 'accept' }, { limitMs: LIMIT_MS, enough });
  const observed = await runChild({ ...instructions, act, questions: 'accept' }, { limitMs: LIMIT_MS });
  const calls = wire.passages.filter(({ method }) => method === 'tools/call').length;
  return { survived: isCompleted(observed) && calls === 1, text: describeEnd(observed, LIMIT_MS) };
}

export const demoRows: readonly Row[] = [
  onDemo(
    { name: 'a question of 2025-11-25, with a handler', wanted: 'asked once, completed', revision: '2025-11-25' },
    ASKS,
    driveAnswering,
  ),
  onDemo(
    {
      name: 'the connection drops once while the answer to a question is sent',
      wanted: 'asked once, completed',
      faultFor: cutFirstAnswer,
    },
    ASKS,
    driveAnswering,
  ),
  onDemo(
    { name: 'a question without a handler', wanted: 'no answer is sent' },
    ASKS,
    async (instructions, { wire }) => {
      const limitMs = 8_000;
      const observed = await runChild(
        { ...instructions, act: 'call', questions: 'no handler' },
        { limitMs, reachable: true },
      );
      const sent = wire.passages.filter(({ method }) => ANSWERS.includes(method));
      const bodies = sent.map(({ params, answer }) => JSON.stringify(params.inputResponses ?? answer));
      const answers = sent.length === 0 ? 'nothing answered' : `answered by itself: ${bodies.join(', ')}`;
      return { survived: sent.length === 0, text: `${answers}; ${describeEnd(observed, limitMs)}` };
    },
  ),
  onDemo(
    { name: 'the process is killed with -9 and started again', wanted: 'resumed, completed' },
    BATCH,
    (instructions, demo) => killAndResume(instructions, demo, 'resume'),
  ),
  onDemo(
    {
      name: 'the same, after the host saved the reference or the session that the client gave it',
      wanted: 'resumed, completed',
    },
    BATCH,
    (instructions, demo) => killAndResume(instructions, demo, 'resume from notes'),
  ),
];
