import type { FollowedTask } from '@mcp-tasks/client';
import { progressText, titleOf } from '../../display/task-lines.ts';
import type { Session } from '../../session/session.ts';
import { createThrottle } from '../../session/throttle.ts';
import { createWaitingLine } from '../../session/waiting-line.ts';

/** Delay before the waiting is explained on standard error, in ms. */
const SLOW_MS = 2_000;
const PROGRESS_MS = 5_000;

export interface WatchedCall {
  /** True once the line with the call's title was printed. */
  isTitled(): boolean;
  end(): void;
}

/** Shows the progress of a call until the server replies to it. */
export function watchCall(session: Session, task: FollowedTask): WatchedCall {
  const { printer, context } = session;
  const waiting = printer.isLive ? createWaitingLine(session) : undefined;
  const isDue = createThrottle(context.now, PROGRESS_MS);
  const updates = task.updates();
  let isTitled = false;
  const title = (): void => {
    if (!isTitled) printer.line(titleOf(task.latest));
    isTitled = true;
  };
  waiting?.show(task.latest);
  const stopTitle = context.clock.schedule(SLOW_MS, title);
  const printing = (async () => {
    for await (const update of updates) {
      waiting?.show(update.record);
      if (update.kind !== 'progress' || update.record.phase !== 'intent') continue;
      if (waiting !== undefined || !isDue()) continue;
      title();
      printer.line(`${task.id}  ${progressText(update)}`);
    }
  })();
  printing.catch(() => undefined);
  return {
    isTitled: () => isTitled,
    end() {
      stopTitle();
      waiting?.end();
      void updates.return?.();
    },
  };
}
