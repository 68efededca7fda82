import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  McpError,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { misfitOfAnswer } from '../check-answers.ts';
import type { JsonObject, Question } from '../tool.ts';
import { RpcFailure } from './rpc-failure.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Longest delay of a timer, in ms: a person may take their time. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Limit of attempts: a program may repeat the same wrong answer forever. */
const ATTEMPTS = 3;

/**
 * Asks on the stream of the current request until an answer fits; 2025-11-25 has no other way to refuse an answer.
 * `undefined`: no answer came, and none may be assumed.
 *
 * @throws {RpcFailure} when too many answers in a row do not fit
 */
export async function askClient(
  extra: Extra,
  question: Question,
  meta: JsonObject | undefined,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  let problem: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const answer = await askOnce(
      extra,
      problem === undefined ? question : repeatQuestion(question, problem),
      meta,
      signal,
    );
    problem = answer === undefined ? undefined : misfitOfAnswer(question, answer);
    if (problem === undefined) return answer;
  }
  throw new RpcFailure({ code: -32602, message: `${ATTEMPTS} answers in a row did not fit, the last one: ${problem}` });
}

/** The question again, with the problem of the last answer in its message. */
function repeatQuestion({ method, params }: Question, problem: string): Question {
  if (typeof params.message !== 'string') return { method, params };
  return { method, params: { ...params, message: `${params.message}\nThe answer did not fit: ${problem}.` } };
}

async function askOnce(
  extra: Extra,
  { method, params }: Question,
  meta: JsonObject | undefined,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  if (signal.aborted) return undefined;
  // With the caller's signal the SDK would withdraw a question that is already answered.
  const own = new AbortController();
  const withdraw = () => own.abort('The question is no longer open');
  signal.addEventListener('abort', withdraw, { once: true });
  try {
    const request = { method, params: meta === undefined ? params : { ...params, _meta: meta } };
    return (await extra.sendRequest(request as unknown as ServerRequest, ResultSchema, {
      signal: own.signal,
      timeout: MAX_TIMER_MS,
    })) as JsonObject;
  } catch (error) {
    // -32000 and -32001 are the SDK's own codes: connection closed, and timeout.
    const refused = error instanceof McpError && error.code !== -32000 && error.code !== -32001;
    return refused && !signal.aborted ? { action: 'cancel' } : undefined;
  } finally {
    signal.removeEventListener('abort', withdraw);
  }
}
