import { MIN_TOKEN } from '../../bridge/http-place.ts';
import type { BridgeOptions } from '../../bridge/open-bridge.ts';
import { runFront } from '../../bridge/run-bridge.ts';
import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { parseDuration } from '../../display/duration.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { confirmTarget } from '../../targets/confirm-target.ts';
import { readSecret } from '../../targets/read-connect-flags.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';

export interface BridgeFlags extends CommonFlags, ConnectFlags {
  readonly hold?: string;
  readonly join: boolean;
  readonly questions: 'host' | 'terminal' | 'both';
  /** Answers count that no person gave. */
  readonly modelMayAnswer?: boolean;
  /** Cancelling a request in the host cancels its task. */
  readonly cancelUpstream?: boolean;
  /** The state directory. */
  readonly home?: string;
  /** Serve over HTTP, on this port. */
  readonly http?: string | true;
  /** The environment variable with the token that hosts have to send. */
  readonly httpTokenEnv?: string;
}

export async function runBridge(words: TargetWords, flags: BridgeFlags, outer: Context): Promise<ExitCode> {
  const context = flags.home === undefined ? outer : { ...outer, env: { ...outer.env, MCP_TASKS_HOME: flags.home } };
  const resolved = await resolveTarget(words, flags, context);
  // Standard input is the host's: no person can be asked here.
  await confirmTarget(resolved, context, flags, { mayAsk: false });
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
  else await serveHttp(resolved, options, flags, context);
  return exitCodes.completed;
}

async function serveHttp(
  resolved: ResolvedTarget,
  options: BridgeOptions,
  { http, httpTokenEnv }: BridgeFlags,
  context: Context,
): Promise<void> {
  const token = httpTokenEnv === undefined ? undefined : readSecret(httpTokenEnv, 'the token', context);
  if (token !== undefined && token.length < MIN_TOKEN) {
    throw new CliError('usage', `A token of ${token.length} characters can be guessed`, `Take ${MIN_TOKEN} or more.`);
  }
  const { runHttpFront } = await import('../../bridge/run-bridge-http.ts');
  await runHttpFront(
    resolved,
    options,
    { port: typeof http === 'string' ? readPort(http) : undefined, token },
    context,
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CliError('usage', `--http takes a port from 0 to 65535, not "${text}"`);
}
