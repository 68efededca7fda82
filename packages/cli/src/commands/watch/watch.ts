import { type Context, personTerminal, usesColor, usesUnicode } from '../../context.ts';
import { safeText } from '../../display/safe-text.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { type OpeningScreen, openScreen } from '../../live/ink/opening-screen.ts';
import { createModel } from '../../live/state/model.ts';
import { sharedStoreOf } from '../../session/shared-store.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import type { WatchFlags } from './watch-flags.ts';

/** Shows the first frame, loads the rest and shows that. */
export async function runWatchCommand(
  words: readonly TargetWords[],
  flags: WatchFlags,
  context: Context,
): Promise<ExitCode> {
  const isShared = sharedStoreOf(context, flags) !== undefined;
  // Ask before the view takes the terminal.
  const targets = words.length === 0 ? [] : await confirmedTargets(words, flags, context, isShared);
  const opening = hasScreen(flags, context) ? open(flags, context) : undefined;
  const notices: string[] = [];
  try {
    const { watchTargets } = await import('./watch-targets.ts');
    return await watchTargets(targets, flags, context, { isShared, opening, notices });
  } finally {
    opening?.close();
    for (const text of notices) context.stderr.write(`warning: ${safeText(text)}\n`);
  }
}

/** An unconfirmed server stays unconnected, with the reason on its line. */
async function confirmedTargets(
  words: readonly TargetWords[],
  flags: WatchFlags,
  context: Context,
  isShared: boolean,
): Promise<readonly ResolvedTarget[]> {
  const targets = await Promise.all(words.map((each) => resolveTarget(each, flags, context)));
  if (isShared) return targets;
  const { confirmTarget } = await import('../../targets/confirm-target.ts');
  for (const target of targets) await confirmTarget(target, context, flags);
  return targets;
}

function open(flags: WatchFlags, context: Context): OpeningScreen {
  const { stdin, stdout, settings } = context;
  const start = createModel({
    now: context.now(),
    keepOpen: flags.keepOpen ?? settings?.keepOpen === true,
    exitWhenDone: flags.exitWhenDone === true,
    readOnly: flags.readOnly === true,
  });
  return openScreen(start, { stdin, stdout, ascii: !usesUnicode(context), color: usesColor(context, stdout) });
}

/** The view needs a terminal to draw on and a keyboard. */
function hasScreen(flags: WatchFlags, context: Context): boolean {
  return flags.json !== true && flags.jsonl !== true && personTerminal(context, flags) === context.stdout;
}
