import { runFront } from '../../bridge/run-bridge.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { parseDuration } from '../../display/duration.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { confirmTarget } from '../../targets/confirm-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface BridgeFlags extends CommonFlags, ConnectFlags {
  readonly hold?: string;
  readonly join: boolean;
  readonly questions: 'host' | 'terminal' | 'both';
  /** The state directory. */
  readonly home?: string;
}

export async function runBridge(words: TargetWords, flags: BridgeFlags, outer: Context): Promise<ExitCode> {
  const context = flags.home === undefined ? outer : { ...outer, env: { ...outer.env, MCP_TASKS_HOME: flags.home } };
  const resolved = await resolveTarget(words, flags, context);
  // Standard input is the host's: no person can be asked here.
  await confirmTarget(resolved, context, flags, { mayAsk: false });
  const holdMs = flags.hold === undefined ? undefined : parseDuration(flags.hold);
  await runFront(resolved, { holdMs, join: flags.join, questions: flags.questions }, context);
  return exitCodes.completed;
}
