import { createParser } from 'eventsource-parser';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import { tidyEvents } from './tidy-events.ts';

export interface DiscoveryOptions {
  /** Timeout of `server/discover` before the older handshake, in ms. */
  readonly discoveryMs: number;
  /** True on the last attempt: a gateway's refusal then leads to the older handshake, too. */
  readonly isLastAttempt: boolean;
  /** Called when the server did not answer `server/discover` but answered `initialize`. */
  readonly onSilence?: (() => void) | undefined;
}

export interface Silence {
  /** True while `server/discover` is unanswered. A late answer is discarded, but clears it. */
  isSilent: boolean;
  /** Aborted once `initialize` is answered: a late answer is then read no further. */
  readonly over: AbortController;
}

/** Statuses of a server that is starting or busy: the next attempt may succeed. */
const TRANSIENT: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Sends `server/discover`; answers "no such method" itself if an old server fails with 500, does not answer, or sends
 * no JSON-RPC. The SDK then sends `initialize`.
 */
export async function answerDiscovery(
  asked: Asked,
  send: () => Promise<Response>,
  { discoveryMs, isLastAttempt }: DiscoveryOptions,
  state: Silence,
): Promise<Response> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), discoveryMs);
  });
  const answer = readAnswer(asked, send, isLastAttempt, state.over.signal);
  const endSilence = (): void => {
    state.isSilent = false;
  };
  answer.then(endSilence, endSilence);
  const first = await Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  if (first !== 'silence') return first;
  state.isSilent = true;
  return refusal(asked);
}

async function readAnswer(
  asked: Asked,
  send: () => Promise<Response>,
  isLastAttempt: boolean,
  over: AbortSignal,
): Promise<Response> {
  const response = await send();
  if (response.status >= 500) {
    return TRANSIENT.has(response.status) && !isLastAttempt ? response : refusal(asked);
  }
  if (!response.ok) return response;
  const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
  const message = isStream
    ? await firstAnswer(textOf(tidyEvents(response, asked), over), asked)
    : readMessage(await wholeOf(textOf(response, over)), asked);
  return message === undefined ? refusal(asked) : Response.json(message);
}

/** The decoded pieces of a body. Reading ends, and the body is cancelled, with the loop or the signal. */
async function* textOf({ body }: Response, over: AbortSignal): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const cancel = (): void => void reader?.cancel().catch(() => undefined);
  over.addEventListener('abort', cancel, { once: true });
  if (over.aborted) cancel();
  try {
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) return;
      yield value;
    }
  } finally {
    over.removeEventListener('abort', cancel);
    cancel();
  }
}

async function wholeOf(pieces: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all.join('');
}

function refusal({ id }: Asked): Response {
  const error = { code: -32601, message: 'The server does not answer server/discover' };
  return Response.json({ jsonrpc: '2.0', id, error });
}

function readMessage(text: string, asked: Asked): JsonObject | undefined {
  try {
    const message = tidyMessage(JSON.parse(text), asked) as JsonValue;
    const isAnswer = isJsonObject(message) && message.id === asked.id && message.method === undefined;
    return isAnswer ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the events up to the one that answers the request. */
async function firstAnswer(pieces: AsyncIterable<string>, asked: Asked): Promise<JsonObject | undefined> {
  let found: JsonObject | undefined;
  const parser = createParser({
    onEvent({ data }) {
      found ??= readMessage(data, asked);
    },
  });
  for await (const piece of pieces) {
    parser.feed(piece);
    if (found !== undefined) return found;
  }
  return undefined;
}
