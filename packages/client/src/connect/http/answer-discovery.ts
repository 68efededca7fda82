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

/** True while `server/discover` is unanswered. A late answer is discarded, but clears it. */
export interface Silence {
  isSilent: boolean;
}

/** Statuses of a server that is starting or busy: the next attempt may succeed. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

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
  const answer = readAnswer(asked, send, isLastAttempt);
  const endSilence = (): void => {
    state.isSilent = false;
  };
  answer.then(endSilence, endSilence);
  const first = await Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  if (first !== 'silence') return first;
  state.isSilent = true;
  return refusal(asked);
}

async function readAnswer(asked: Asked, send: () => Promise<Response>, isLastAttempt: boolean): Promise<Response> {
  const response = await send();
  if (response.status >= 500) {
    return PASSING.has(response.status) && !isLastAttempt ? response : refusal(asked);
  }
  if (!response.ok) return response;
  const message = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    ? await firstAnswer(response, asked)
    : readMessage(await response.text(), asked);
  return message === undefined ? refusal(asked) : Response.json(message);
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

/** Reads the stream up to the event that answers the request, and cancels the rest. */
async function firstAnswer(response: Response, asked: Asked): Promise<JsonObject | undefined> {
  const reader = tidyEvents(response, asked).body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) return undefined;
    text += value;
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? '';
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      const message = readMessage(lines.map((line) => line.slice(5)).join('\n'), asked);
      if (message === undefined) continue;
      reader?.cancel().catch(() => undefined);
      return message;
    }
  }
}
