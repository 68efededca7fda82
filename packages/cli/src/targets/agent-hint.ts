import { type ConnectionFailure, TaskError } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { commandToPaste } from '../display/quote-command.ts';
import { abortAfter } from '../timers.ts';
import type { ResolvedTarget } from './resolved-target.ts';
import { urlWords } from './url-words.ts';

const PROBE_MS = 3_000;
const ANSWERED: ReadonlySet<string> = new Set(['invalid-response', 'rpc-error', 'unreachable']);

/** Adds a hint when a server that does not speak MCP publishes an agent card: the target of the agent. */
export async function withAgentHint(
  error: unknown,
  { target }: ResolvedTarget,
  { interrupt, clock }: Pick<Context, 'interrupt' | 'clock'>,
): Promise<unknown> {
  if (!TaskError.is(error) || target.kind !== 'url' || target.protocol !== undefined) return error;
  if (!ANSWERED.has(error.code) || isSilence(error.cause)) return error;
  const { isAgent } = await import('@mcp-tasks/client/connect');
  const limit = abortAfter(clock, PROBE_MS);
  const signal = AbortSignal.any([interrupt, limit.signal]);
  const answers = await isAgent(target.url, { signal }).finally(limit.cancel);
  if (!answers) return error;
  const hint = `This is an A2A agent: ${commandToPaste([urlWords({ ...target, protocol: 'a2a' })])}`;
  return new TaskError(error.code, error.message, { hint, cause: error.cause });
}

/** No reply was received. */
function isSilence(cause: unknown): boolean {
  const { failure } = (cause ?? {}) as Partial<ConnectionFailure>;
  return failure === undefined || failure.kind === 'transport' || failure.kind === 'timeout';
}
