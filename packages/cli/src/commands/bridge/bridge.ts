import { runFront } from '../../bridge/run-bridge.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { parseDuration } from '../../display/duration.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';
import type { HttpFlags } from './serve-http.ts';

export interface BridgeFlags extends CommonFlags, ConnectFlags, HttpFlags {
  readonly hold?: string;
  readonly join: boolean;
  readonly questions: 'host' | 'terminal' | 'both';
  /** Lets the host's model answer questions, without a person. */
  readonly modelMayAnswer?: boolean;
  /** Cancelling a request in the host cancels its task. */
  readonly cancelUpstream?: boolean;
  /** State directory. */
  readonly home?: string;
}

export async function runBridge(words: TargetWords, flags: BridgeFlags, outer: Context): Promise<ExitCode> {
  const context = flags.home === undefined ? outer : { ...outer, env: { ...outer.env, MCP_TASKS_HOME: flags.home } };
  const resolved = await resolveTarget(words, flags, context);
  // Standard input belongs to the host: no prompts here.
  if (resolved.origin !== undefined) {
    const { confirmTarget } = await import('../../targets/confirm-target.ts');
    await confirmTarget(resolved, context, flags, { mayAsk: false });
  }
  const holdMs = flags.hold === undefined ? undefined : parseDuration(flags.hold);
  const options = {
    holdMs,
    join: flags.join,
    questions: flags.questions,
    modelMayAnswer: flags.modelMayAnswer === true,
    cancelUpstream: flags.cancelUpstream === true,
    allowProject: flags.allowProject === true,
  };
  if (flags.http === undefined) await runFront(resolved, options, context);
  else {
    const { serveHttp } = await import('./serve-http.ts');
    await serveHttp(resolved, options, flags, context);
  }
  return exitCodes.completed;
}
