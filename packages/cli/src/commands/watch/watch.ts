import { type CommonFlags, type Context, personTerminal } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { createDesk } from '../../live/world/create-live-session.ts';
import { createMailDesk } from '../../live/world/create-mail-session.ts';
import { watchPlain } from '../../live/world/watch-plain.ts';
import { createAlarm } from '../../session/alarm.ts';
import { withSession } from '../../session/session.ts';
import { type StoreFlags, sharedStoreOf } from '../../session/shared-store.ts';
import { confirmTarget } from '../../targets/confirm-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface WatchFlags extends CommonFlags, ConnectFlags, StoreFlags {
  readonly jsonl?: boolean;
  readonly readOnly?: boolean;
  readonly keepOpen?: boolean;
  /** Exits when all tasks have settled, whatever was pressed before. */
  readonly exitWhenDone?: boolean;
  readonly bell?: boolean;
  readonly exec?: string;
  readonly notify?: boolean;
}

export async function runWatchCommand(
  words: readonly TargetWords[],
  flags: WatchFlags,
  context: Context,
): Promise<ExitCode> {
  const targets = await Promise.all(words.map((each) => resolveTarget(each, flags, context)));
  // Ask before the view takes the terminal. An unconfirmed server stays unconnected, with the reason on its line.
  const isShared = sharedStoreOf(context, flags) !== undefined;
  for (const target of isShared ? [] : targets) await confirmTarget(target, context, flags);
  const isLive = hasScreen(flags, context);
  // Load the view while the records open: its import takes most of the time to the first frame.
  const view = isLive ? import('../../live/world/watch-live.ts') : undefined;
  return withSession(
    context,
    flags,
    async (session) => {
      const readOnly = flags.readOnly === true;
      const open = isShared ? createMailDesk : createDesk;
      const desk = await open(session, { targets, readOnly });
      const isDemo = targets.length === 1 && targets[0]?.isDemo === true && !readOnly;
      let failed: string | undefined;
      const alarm = createAlarm(context, flags, (text) => {
        if (isLive) failed = text;
        else session.printer.line(text);
      });
      try {
        if (view !== undefined) {
          const { watchLive } = await view;
          return await watchLive(session, desk, { story: isDemo, onAlert: alarm.ring });
        }
        const events = flags.jsonl === true;
        const keepOpen = flags.keepOpen === true;
        return await watchPlain(session, desk, { events, keepOpen, story: isDemo, onUpdate: alarm.onUpdate });
      } finally {
        if (failed !== undefined) session.printer.line(failed); // the view owns the screen until it ends
        await desk.close();
      }
    },
    // Watching matters more than saving its records.
    { mayLackStore: true },
  );
}

/** The view needs a terminal to draw on and a keyboard. */
function hasScreen(flags: WatchFlags, context: Context): boolean {
  return flags.json !== true && flags.jsonl !== true && personTerminal(context, flags) === context.stdout;
}
