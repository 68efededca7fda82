import type { ServerIdentity, TaskRecord } from '@mcp-tasks/client';
import type { Context, LeaveWish } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import type { Session } from './session.ts';
import { findWork, recordStopped } from './stop-children.ts';

export interface ChildrenGuard {
  /** Ctrl-C leaves at once from now on. What was still under way where the command was left. */
  end(isLeft: boolean): Promise<readonly TaskRecord[]>;
  /** Once the server was stopped. */
  recordStopped(work: readonly TaskRecord[]): Promise<void>;
}

/** While a command has this server as its child, Ctrl-C names the calls that would end with it, and asks. */
export function guardChildren(session: Session, { fingerprint }: ServerIdentity): ChildrenGuard {
  const { context, store, owner } = session;
  const children = { store, owner, now: context.now };
  const since = context.now();
  const find = async (): Promise<readonly TaskRecord[]> => {
    const { records } = await store.list({ open: true, fingerprint });
    const mine = records.filter(({ createdAt }) => createdAt >= since);
    return findWork(mine, children);
  };
  const release = context.guardInterrupt(async () => {
    const work = await find();
    return work.length === 0 ? 'leave' : ask(session, work);
  });
  return {
    async end(isLeft) {
      release();
      return isLeft ? find().catch(() => []) : [];
    },
    recordStopped: (work) => recordStopped(work, children),
  };
}

async function ask({ context, printer }: Session, work: readonly TaskRecord[]): Promise<LeaveWish> {
  if (!context.stdin.isTTY || !context.stderr.isTTY) return 'leave';
  printer.line('');
  for (const { id, tool, server } of work) {
    printer.line(
      `${id}  ${safeText(tool)} on ${safeText(server.label)} ends with this command: its server is our child`,
    );
  }
  printer.line('s stops it and leaves, Esc stays; Ctrl-C again ends at once');
  const wish = await readWish(context);
  if (wish === 'stay') printer.line('Staying');
  return wish;
}

const CTRL_C = '\u0003';
const ESCAPE = '\u001b';
const LEAVES = ['s', 'S', CTRL_C];
const STAYS = [ESCAPE, 'n', 'N'];

/** One key in raw mode, so that no line waits for the shell. */
function readWish({ stdin, interrupt }: Context): Promise<LeaveWish> {
  return new Promise((resolve) => {
    const settle = (wish: LeaveWish): void => {
      stdin.off('data', read);
      stdin.setRawMode(false);
      stdin.pause();
      resolve(wish);
    };
    const read = (chunk: Buffer | string): void => {
      const keys = chunk.toString();
      if ([...keys].some((key) => LEAVES.includes(key))) settle('leave');
      else if (STAYS.includes(keys)) settle('stay');
    };
    stdin.setRawMode(true);
    stdin.on('data', read);
    stdin.resume(); // it was paused after the question before
    interrupt.addEventListener('abort', () => settle('leave'), { once: true });
  });
}
