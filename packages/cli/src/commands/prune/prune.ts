import type { CommonFlags, Context } from '../../context.ts';
import { formatDuration, parseDuration } from '../../display/duration.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { withSession } from '../../session/session.ts';

export interface PruneFlags extends CommonFlags {
  readonly olderThan?: string;
}

const AGE_MS = 30 * 86_400_000;

/** Deletes records that settled before the given age. Open records stay, however old. */
export function runPrune(flags: PruneFlags, context: Context): Promise<ExitCode> {
  const ageMs = flags.olderThan === undefined ? AGE_MS : parseDuration(flags.olderThan);
  return withSession(context, flags, async ({ store, printer }) => {
    const pruned = await store.prune(context.now() - ageMs);
    if (printer.json) printer.document({ pruned, olderThanMs: ageMs });
    else printer.result(`${pruned} settled more than ${formatDuration(ageMs)} ago deleted`);
    printer.line('Remaining records: mcp-tasks list --all');
    return exitCodes.completed;
  });
}
