import { type CommonFlags, usesColor, usesUnicode } from '../../context.ts';
import type { Alert } from '../../display/task-events.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Session } from '../../session/session.ts';
import { createTerminalPrograms } from '../../session/terminal-programs.ts';
import type { OpeningScreen } from '../ink/opening-screen.ts';
import { runWatch } from '../ink/run-watch.ts';
import type { RunningLiveSession } from './create-live-session.ts';
import { beginStory, hasOpenDemoTasks } from './demo-story.ts';

export interface LiveFlags extends CommonFlags {
  readonly readOnly?: boolean;
  readonly keepOpen?: boolean;
  readonly exitWhenDone?: boolean;
  readonly bell?: boolean;
}

export interface LiveOptions {
  /** Starts the story of the bundled demo if no demo task is open. */
  readonly story: boolean;
  /** The opening screen, if it is already shown. */
  readonly opening: OpeningScreen | undefined;
  readonly onAlert: (alert: Alert) => void;
}

/** Opens the view before any server answers. */
export async function watchLive(
  session: Session<LiveFlags>,
  live: RunningLiveSession,
  options: LiveOptions,
): Promise<ExitCode> {
  const { context, flags } = session;
  // From here on the view owns the terminal.
  const restoreNotices = session.divertNotices((text) => live.warn(text));
  const unsaved = session.unsaved();
  if (unsaved !== undefined) live.warn(unsaved);
  const watching = runWatch({
    live,
    stdin: context.stdin,
    stdout: context.stdout,
    keepOpen: flags.keepOpen ?? context.settings?.keepOpen === true,
    exitWhenDone: flags.exitWhenDone === true,
    readOnly: flags.readOnly === true,
    bell: flags.bell === true,
    ascii: !usesUnicode(context),
    color: usesColor(context, context.stdout),
    opening: options.opening,
    clock: context.clock,
    programs: createTerminalPrograms(context),
    onAlert: options.onAlert,
  });
  const starting = live.start().then(async () => {
    if (options.story && !hasOpenDemoTasks(live)) await beginStory(live);
  });
  // Server errors are shown in the view; store errors end its updates but not the view.
  starting.catch(() => undefined);
  const end = await watching.finally(restoreNotices);
  if (end.stops) await live.stopServers();
  return end.reason === 'interrupted' ? exitCodes.interrupted : exitCodes.completed;
}
