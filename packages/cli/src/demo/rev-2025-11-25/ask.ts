import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  McpError,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { misfitOfAnswer } from '../check-answers.ts';
import type { JsonObject, Question } from '../script.ts';
import { RpcFailure } from './rpc-failure.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** People may take their time; this is the longest a timer can wait, in ms. */
const PATIENCE_MS = 2 ** 31 - 1;

/** A person may err; a program that answers the same each time must not go round for ever. */
const ATTEMPTS = 3;

/**
 * Asks on the stream of the request at hand until an answer fits: this revision has no other way to refuse one.
 * `undefined`: there is no answer, and none is to be assumed.
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
    const answer = await askOnce(extra, problem === undefined ? question : again(question, problem), meta, signal);
    problem = answer === undefined ? undefined : misfitOfAnswer(question, answer);
    if (problem === undefined) return answer;
  }
  throw new RpcFailure({ code: -32602, message: `${ATTEMPTS} answers in a row did not fit, the last one: ${problem}` });
}

/** The question with what was wrong with the answer, for the person who gave it. */
function again({ method, params }: Question, problem: string): Question {
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
  // The SDK would take back a question that is long answered if it were given the caller's signal.
  const own = new AbortController();
  const withdraw = () => own.abort('The question is no longer open');
  signal.addEventListener('abort', withdraw, { once: true });
  try {
    const request = { method, params: meta === undefined ? params : { ...params, _meta: meta } };
    return (await extra.sendRequest(request as unknown as ServerRequest, ResultSchema, {
      signal: own.signal,
      timeout: PATIENCE_MS,
    })) as JsonObject;
  } catch (error) {
    // -32000 and -32001 are the SDK's own: the connection went, or nobody answered.
    const refused = error instanceof McpError && error.code !== -32000 && error.code !== -32001;
    return refused && !signal.aborted ? { action: 'cancel' } : undefined;
  } finally {
    signal.removeEventListener('abort', withdraw);
  }
}
