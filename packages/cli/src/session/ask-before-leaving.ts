import type { TaskClient, TaskRecord } from '@mcp-tasks/client';
import type { Context, LeaveChoice } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import { closeSoon } from './close-soon.ts';
import { isKept } from './open-client.ts';
import type { Session } from './session.ts';
import { findKept, findWork, recordStopped } from './stop-children.ts';

/** Ctrl-C guard of a command on a stdio server: lists the server's calls in progress and asks before it stops them. */
export interface ServerGuard {
  /** Process id of the keeper that continues the calls; undefined when the server ends with this command. */
  readonly keptBy: () => number | undefined;
  /** Removes the guard and closes the client; Ctrl-C exits at once from now on. */
  close(isLeft: boolean): Promise<void>;
}

/** `stop` ends the server; `leave` ends it only when it is a child of this process. */
type Choice = LeaveChoice | 'stop';

export function guardServer(session: Session, client: TaskClient): ServerGuard {
  const { context, store, owner } = session;
  const { target, fingerprint } = client.connection.identity;
  if (target.kind !== 'command') return { keptBy: () => undefined, close: () => closeSoon(client, context) };
  const kept = isKept(client) ? client : undefined;
  const children = { store, owner: kept === undefined ? owner : `:${kept.keeper.pid}`, now: context.now };
  const since = context.now();
  let choice: Choice = 'leave';

  async function findRunningTasks(): Promise<readonly TaskRecord[]> {
    const { records } = await store.list({ open: true, fingerprint });
    if (kept !== undefined) return findKept(records, kept.keeper.pid, store);
    return findWork(
      records.filter(({ createdAt }) => createdAt >= since),
      children,
    );
  }

  const release = context.guardInterrupt(async () => {
    const work = await findRunningTasks();
    const hasStartedHere = work.some(({ createdAt }) => createdAt >= since);
    choice = !hasStartedHere ? 'leave' : await askWhetherToStop(session, work, kept?.keeper.pid);
    return choice === 'stop' ? 'leave' : choice;
  });

  return {
    keptBy: () => (choice === 'stop' ? undefined : kept?.keeper.pid),
    async close(isLeft) {
      release();
      const ends = kept === undefined ? isLeft : isLeft && choice === 'stop';
      const work = ends ? await findRunningTasks().catch(() => []) : [];
      if (ends && kept !== undefined) await kept.stop();
      await closeSoon(client, context);
      await recordStopped(work, children);
    },
  };
}

async function askWhetherToStop(
  { context, printer }: Session,
  work: readonly TaskRecord[],
  keeper: number | undefined,
): Promise<Choice> {
  if (!context.stdin.isTTY || !context.stderr.isTTY) return 'leave';
  printer.line('');
  const ending = keeper === undefined ? 'ends with this command: its server is our child' : 'is under way';
  for (const { id, tool, server } of work)
    printer.line(`${id}  ${safeText(tool)} on ${safeText(server.label)} ${ending}`);
  printer.line(
    keeper === undefined
      ? 's stops it and leaves, Esc stays; Ctrl-C again ends at once'
      : `l or Ctrl-C leaves it running (background process ${keeper}), s stops it, Esc stays`,
  );
  const choice = await readChoice(context, keeper === undefined ? 'leave' : 'stop');
  if (choice === 'stay') printer.line('Staying');
  return choice;
}

const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

/** Reads one key in raw mode, so that the shell receives no line. */
function readChoice({ stdin, interrupt }: Context, stopped: Choice): Promise<Choice> {
  return new Promise((resolve) => {
    const settle = (choice: Choice): void => {
      stdin.off('data', read);
      stdin.setRawMode(false);
      if (stdin.listenerCount('data') === 0) stdin.pause();
      resolve(choice);
    };
    const read = (chunk: Buffer | string): void => {
      const keys = chunk.toString();
      if ([...keys].some((key) => key === CTRL_C)) settle('leave');
      else if (/[sS]/.test(keys)) settle(stopped);
      else if (/[lL]/.test(keys) && stopped === 'stop') settle('leave');
      else if ([ESCAPE, 'n', 'N'].includes(keys)) settle('stay');
    };
    stdin.setRawMode(true);
    stdin.on('data', read);
    stdin.resume(); // the previous question paused it
    interrupt.addEventListener('abort', () => settle('leave'), { once: true });
  });
}
