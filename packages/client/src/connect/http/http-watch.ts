import { ConnectionFailure, type Failure } from '../connection.ts';
import { createCourse } from '../wire/async-context.ts';
import { failureOfSend, type HttpFacts, MAX_MESSAGE_BYTES, parseRetryAfter, tooLong } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import type { Wire } from '../wire/wire.ts';
import { limitBody } from './limit-body.ts';
import type { Mend } from './mend-answers.ts';
import { proxyFor } from './proxy-for.ts';
import { readRefusal } from './read-refusal.ts';

/** Sees every HTTP exchange, and knows which request it belongs to. */
export interface HttpWatch {
  readonly fetch: typeof fetch;
  /** What the last answer was, whoever asked. */
  readonly last: HttpFacts | undefined;
  /** Runs what sends one message; a failure says what was seen on the way. */
  readonly run: Run;
}

type Dispatcher = new (options: { headersTimeout: number; bodyTimeout: number }) => object;

/** The platform's fetch gives up after five silent minutes; a person may think longer, and a tool may work longer. */
function createPatientDispatcher(): object | undefined {
  Reflect.get(globalThis, 'Response'); // the platform sets its dispatcher up on first use; a bundler drops `void Response`
  const platform = (globalThis as { [key: symbol]: object | undefined })[Symbol.for('undici.globalDispatcher.1')];
  const { constructor: Agent } = platform ?? {};
  if (Agent?.name !== 'Agent') return undefined; // a proxy that somebody installed, say: theirs to set
  return new (Agent as Dispatcher)({ headersTimeout: 0, bodyTimeout: 0 });
}

function createPatientFetch(): typeof fetch {
  const dispatcher = createPatientDispatcher();
  return async (input, init) => {
    // Where somebody has chosen how the platform reaches the network, that counts.
    const proxy =
      dispatcher === undefined ? undefined : proxyFor(new URL(input instanceof Request ? input.url : input));
    if (proxy !== undefined) return (await import('./proxied-fetch.ts')).fetchThrough(proxy, input, init);
    return fetch(input, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit));
  };
}

interface Exchange {
  facts?: HttpFacts;
  readonly onLost?: ((failure: Failure) => void) | undefined;
}

export interface HttpWatchOptions {
  readonly isInSession: () => boolean;
  /** @default the platform's, without its limit on silence */
  readonly fetch?: typeof fetch | undefined;
  /** Repairs answers before the SDK reads them. @default they are handed on as they come */
  readonly mend?: Mend | undefined;
}

export function createHttpWatch({
  isInSession,
  fetch: send = createPatientFetch(),
  mend = (_, exchange) => exchange(),
}: HttpWatchOptions): HttpWatch {
  const exchanges = createCourse<Exchange>();
  let last: HttpFacts | undefined;

  async function watched(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const exchange = exchanges.current();
    const response = await send(input, init);
    const isRefusal = response.status >= 300;
    const { text, response: read } = isRefusal ? await readRefusal(response) : { text: undefined, response };
    last = { ...factsOf(response), text };
    if (exchange !== undefined) exchange.facts = last;
    if (isRefusal) return read;
    return limitBody(response, MAX_MESSAGE_BYTES, () => {
      exchange?.onLost?.(tooLong);
      return new ConnectionFailure(tooLong);
    });
  }

  return {
    get last() {
      return last;
    },
    fetch: (input, init) => mend(init, () => watched(input, init)),
    async run(work, onLost) {
      const exchange: Exchange = { onLost };
      try {
        await exchanges.run(exchange, work);
      } catch (error) {
        throw new ConnectionFailure(failureOfSend(error, exchange.facts, isInSession()), error);
      }
    },
  };
}

function factsOf({ status, headers, url }: Response): HttpFacts {
  const location = headers.get('location');
  return {
    status,
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
    contentType: headers.get('content-type') ?? undefined,
    wantsSignIn: headers.has('www-authenticate'),
    location: location !== null && status < 400 ? shownUrl(location, url) : undefined,
  };
}

/** Without what may be a secret: user, password and parameters. */
function shownUrl(location: string, base: string): string | undefined {
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  return url === undefined ? undefined : `${url.origin}${url.pathname}`;
}

/** The headers that the SDKs drop are taken where they pass: at the fetch of a host's transport, where it has one. */
export function watchHost(wire: Wire): Run | undefined {
  if (!('_fetch' in wire)) return undefined;
  const seam = wire as { _fetch: typeof fetch | undefined };
  const theirs = seam._fetch;
  const watch = createHttpWatch({
    isInSession: () => wire.sessionId !== undefined,
    fetch: (input, init) => (theirs ?? fetch)(input, init),
  });
  seam._fetch = watch.fetch;
  return watch.run;
}
