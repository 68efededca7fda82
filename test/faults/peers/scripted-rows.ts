import type { JsonValue } from '../../../packages/client/src/task/json.ts';
import type { Act } from '../start-faulty.ts';
import { type Cell, describeEnd, describeId, isCompleted, pollsPerSecond, seconds } from './cell.ts';
import type { ContenderName, Instructions } from './contender.ts';
import { newestOf, type Row } from './rows.ts';
import { type ClientRun, runChild } from './run-child.ts';
import { freshHome } from './serve-demo.ts';
import { serveTask, type TaskScript, type TaskServer } from './serve-task.ts';

const COMPLETED = 'completed';
const RETRY_AFTER_S = 3;
const MAX_POLLS_PER_SECOND = 5;

interface Scripted extends Omit<TaskScript, 'revision'> {
  readonly name: string;
  readonly wanted?: string;
  readonly limitMs?: number;
  readonly act?: Instructions['act'];
  readonly reachable?: boolean;
  /** How long to observe after the client's final line, in ms. */
  readonly lingerMs?: number;
  readonly judge?: (observed: ClientRun, server: TaskServer, limitMs: number) => Cell;
}

function judgeEnd(observed: ClientRun, _: TaskServer, limitMs: number): Cell {
  return { survived: isCompleted(observed), text: `${describeEnd(observed, limitMs)}${describeId(observed)}` };
}

function scripted({ name, wanted = COMPLETED, limitMs = 15_000, judge = judgeEnd, ...row }: Scripted): Row {
  return {
    name,
    wanted,
    async run(contender: ContenderName) {
      const server = await serveTask({ ...row, revision: newestOf(contender) });
      const { home, remove } = freshHome();
      const { act = 'call', reachable = false, lingerMs = 0 } = row;
      try {
        const instructions = {
          contender,
          url: server.url,
          tool: 'deploy',
          args: {},
          questions: 'accept',
          act,
          home,
        } as const;
        const observed = await runChild(instructions, {
          limitMs,
          reachable,
          lingerMs,
          enough: ({ kind }) => kind === 'closed',
        });
        return judge(observed, server, limitMs);
      } finally {
        await server.stop();
        remove();
      }
    },
  };
}

const once = (act: Act, times = 1) => ({ fault: (nth: number) => (nth >= 2 && nth < 2 + times ? act : undefined) });

function hint(pollHint: JsonValue): Scripted {
  return {
    name: `poll interval ${JSON.stringify(pollHint)}`,
    wanted: `not failed, and at most ${MAX_POLLS_PER_SECOND} polls a second`,
    pollHint,
    limitMs: 15_000,
    reachable: true,
    judge(observed, server, limitMs) {
      const rate = pollsPerSecond(server);
      const survived = (observed.ended === undefined || isCompleted(observed)) && rate <= MAX_POLLS_PER_SECOND;
      const polls = `${server.polledAt.length} polls${rate > 0 ? `, ${rate.toFixed(1)} a second` : ''}`;
      return { survived, text: `${describeEnd(observed, limitMs)}${describeId(observed)}; ${polls}` };
    },
  };
}

export const scriptedRows: readonly Row[] = (
  [
    { name: 'one `tasks/get` ends in ECONNRESET', ...once('reset') },
    { name: 'three `tasks/get` in a row end in ECONNRESET', ...once('reset', 3) },
    { name: 'one `tasks/get` is answered 503 with an HTML page', ...once({ status: 503 }) },
    {
      name: `one \`tasks/get\` is answered 429 with Retry-After: ${RETRY_AFTER_S}`,
      wanted: `completed, with no poll for ${RETRY_AFTER_S} s`,
      ...once({ status: 429, headers: { 'retry-after': String(RETRY_AFTER_S) } }),
      judge(observed, { polledAt }, limitMs) {
        const [, refusedAt = 0, nextAt] = polledAt;
        const waited = nextAt === undefined ? undefined : nextAt - refusedAt;
        const pause = waited === undefined ? 'never polled again' : `polled again after ${seconds(waited)}`;
        const survived = isCompleted(observed) && (waited ?? 0) >= RETRY_AFTER_S * 1000;
        return { survived, text: `${describeEnd(observed, limitMs)}; ${pause}` };
      },
    },
    {
      name: 'one `tasks/get` gets no reply (request timeout: ours 30 s, the others set to 10 s)',
      limitMs: 60_000,
      ...once('hang'),
    },
    hint(0),
    hint('500'),
    hint(1e12),
    { name: 'no time to live in any reply', withoutTtl: true },
    {
      name: 'the creation reply in the shape of the other revision (nested for flat, flat for nested)',
      otherShape: true,
    },
    {
      name: 'the reply to `tools/call` is lost',
      wanted: 'sent once, and the client reports the loss',
      loseCall: true,
      judge(observed, server, limitMs) {
        const sent = server.count('tools/call');
        return {
          survived: sent === 1 && observed.ended !== undefined,
          text: `sent ${sent} time(s); ${describeEnd(observed, limitMs)}`,
        };
      },
    },
    {
      name: 'the client is closed while the task runs',
      wanted: 'no `tasks/cancel` reaches the server',
      act: 'close early',
      lingerMs: 1_500,
      judge(observed, server) {
        const cancels = server.count('tasks/cancel');
        const closed = observed.events.some(({ kind }) => kind === 'closed');
        return {
          survived: closed && cancels === 0,
          text: `${cancels} \`tasks/cancel\`${closed ? '' : ', never closed'}`,
        };
      },
    },
  ] satisfies readonly Scripted[]
).map(scripted);
