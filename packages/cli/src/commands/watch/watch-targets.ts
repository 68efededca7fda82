import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { OpeningScreen } from '../../live/ink/opening-screen.ts';
import { createLiveSession } from '../../live/world/create-live-session.ts';
import { createMailSession } from '../../live/world/create-mail-session.ts';
import { watchPlain } from '../../live/world/watch-plain.ts';
import { createAlarm } from '../../session/alarm.ts';
import { withSession } from '../../session/session.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import type { WatchFlags } from './watch-flags.ts';

export interface WatchPlace {
  readonly isShared: boolean;
  /** Opening screen of the live view; undefined for plain lines. */
  readonly opening: OpeningScreen | undefined;
  /** Notices about the records, printed after the screen has closed. */
  readonly notices: string[];
}

export async function watchTargets(
  targets: readonly ResolvedTarget[],
  flags: WatchFlags,
  context: Context,
  { isShared, opening, notices }: WatchPlace,
): Promise<ExitCode> {
  // Load the view while the records open: its import takes most of the time to the first frame with records.
  const view = opening === undefined ? undefined : import('../../live/world/watch-live.ts');
  return withSession(
    context,
    flags,
    async (session) => {
      const readOnly = flags.readOnly === true;
      const open = isShared ? createMailSession : createLiveSession;
      const live = await open(session, { targets, readOnly });
      for (const text of notices) live.warn(text);
      const isDemo = targets.length === 1 && targets[0]?.isDemo === true && !readOnly;
      let failed: string | undefined;
      const alarm = createAlarm(context, flags, (text) => {
        if (opening === undefined) session.printer.line(text);
        else failed = text;
      });
      try {
        if (view !== undefined) {
          const { watchLive } = await view;
          return await watchLive(session, live, { story: isDemo, opening, onAlert: alarm.ring });
        }
        const events = flags.jsonl === true;
        const keepOpen = flags.keepOpen === true;
        return await watchPlain(session, live, { events, keepOpen, story: isDemo, onUpdate: alarm.onUpdate });
      } finally {
        if (failed !== undefined) session.printer.line(failed); // the view owns the screen until it ends
        await live.close();
      }
    },
    // Watching matters more than saving its records.
    { mayLackStore: true, onNotice: opening === undefined ? undefined : (text) => notices.push(text) },
  );
}
