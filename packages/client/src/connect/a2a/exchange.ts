import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS, lostDigits } from '../../task/lost-digits.ts';
import type { Run } from '../wire/deliver.ts';
import type { Outgoing } from './bindings.ts';
import type { Version } from './read-card.ts';

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly version: Version;
}

/**
 * Sends one request and reads its answer, which is JSON; `read` says what it means, or nothing where it means none.
 * @throws {ConnectionFailure}
 */
export type Exchange = <T>(
  outgoing: Outgoing,
  options: ExchangeOptions,
  read: (status: number, body: JsonValue) => T | undefined,
) => Promise<T>;

/** A sign-in is wanted, or the server is told of by its status alone: the body decides nothing. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 429]);

export interface ExchangeSource {
  readonly fetch: typeof fetch;
  /** Runs one exchange, and tells what was seen on the way where it fails. */
  readonly run: Run;
  /** Those of a request to this URL: credentials go to the host of the card alone. */
  readonly headersFor: (url: URL) => Promise<Readonly<Record<string, string>>>;
}

/** The headers of every request. */
function headersOf({ verb }: Outgoing, version: Version, accept: string): Record<string, string> {
  const content = verb === 'POST' ? { 'content-type': 'application/json' } : {};
  return { ...content, accept, 'a2a-version': version };
}

export interface Line {
  readonly exchange: Exchange;
  /** Opens a stream of events; the caller reads its body. @throws {ConnectionFailure} */
  open(outgoing: Outgoing, options: ExchangeOptions): Promise<Response>;
}

export function createLine({ fetch: ask, run, headersFor }: ExchangeSource): Line {
  async function send(outgoing: Outgoing, { version, signal }: ExchangeOptions, accept: string): Promise<Response> {
    const { verb: method, url, body } = outgoing;
    const headers = { ...headersOf(outgoing, version, accept), ...(await headersFor(url)) };
    const init: RequestInit = { method, headers, redirect: 'manual', body: body ?? null, signal: signal ?? null };
    return ask(url, init);
  }

  return {
    async exchange<T>(
      outgoing: Outgoing,
      options: ExchangeOptions,
      read: (status: number, body: JsonValue) => T | undefined,
    ) {
      let answer: T | undefined;
      await run(async () => {
        const response = await send(outgoing, options, 'application/json');
        const { status } = response;
        const text = await response.text();
        const isAnswer = status < 300 || !PASSING.has(status);
        answer = isAnswer ? read(status, parse(text, status)) : undefined;
        if (answer === undefined) throw status < 300 ? new SyntaxError('no answer') : refusal();
      });
      return answer as T;
    },
    async open(outgoing, options) {
      let opened: Response | undefined;
      await run(async () => {
        const response = await send(outgoing, options, 'text/event-stream');
        if (response.status >= 300) throw refusal();
        opened = response;
      });
      return opened as Response;
    },
  };
}

/** Its status, as it was watched, says what it means. */
function refusal(): Error {
  return new Error('refused');
}

/** A refusal may have no body that can be read. @throws {SyntaxError} for an answer that is no JSON */
function parse(text: string, status: number): JsonValue {
  try {
    const body = JSON.parse(text) as JsonValue;
    const lost = lostDigits(text);
    // Beside what was sent, so that whoever reads a result of it can say so.
    return lost === undefined || !isJsonObject(body) ? body : { ...body, [LOST_DIGITS]: lost };
  } catch (error) {
    if (status < 300) throw error;
    return null;
  }
}
