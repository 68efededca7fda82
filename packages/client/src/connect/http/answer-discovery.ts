import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import { tidyEvents } from './tidy-events.ts';

export interface DiscoveryOptions {
  /** How long `server/discover` may take before the older handshake is tried, in ms. */
  readonly discoveryMs: number;
  /** No further attempt follows: a gateway's refusal leads to the older handshake too. */
  readonly isLastAttempt: boolean;
  /** Called when the server said nothing to `server/discover`, and then answered `initialize`. */
  readonly onSilence?: (() => void) | undefined;
}

/** Whether a server keeps silent to `server/discover`. An answer that comes late is none to wait for, but ends the silence. */
export interface Silence {
  isSilent: boolean;
}

/** Statuses that a later attempt may not meet: a server that is starting or busy. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Asks `server/discover` and answers in the server's place, with "no such method", where an old server cannot bear the
 * question: it fails with 500, says nothing, or answers with what is no JSON-RPC. The SDK then sends `initialize`.
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

/** The first event of the stream that answers the request; the rest is not read. */
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
