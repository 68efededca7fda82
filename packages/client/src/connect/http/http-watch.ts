import { ConnectionFailure, type Failure } from '../connection.ts';
import { createAsyncContext } from '../wire/async-context.ts';
import { failureOfSend, type HttpFacts, MAX_MESSAGE_BYTES, parseRetryAfter, tooLong } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import type { Wire } from '../wire/wire.ts';
import { platformFetch } from './http-stack.ts';
import { limitBody } from './limit-body.ts';
import { readRefusal } from './read-refusal.ts';
import type { Repair } from './repair-responses.ts';

/** Observes every HTTP exchange and assigns it to its request. */
export interface HttpWatch {
  readonly fetch: typeof fetch;
  /** The last response of any request. */
  readonly last: HttpFacts | undefined;
  /** Sends one message; a failure is derived from the HTTP response. */
  readonly run: Run;
}

interface Exchange {
  facts?: HttpFacts;
  readonly onLost?: ((failure: Failure) => void) | undefined;
}

export interface HttpWatchOptions {
  readonly isInSession: () => boolean;
  /** Sends the requests: the `fetch` of an HTTP stack. */
  readonly fetch: typeof fetch;
  /** Repairs responses before the SDK reads them. @default responses pass unchanged */
  readonly repair?: Repair | undefined;
}

export function createHttpWatch({
  isInSession,
  fetch: send,
  repair = (_, exchange) => exchange(),
}: HttpWatchOptions): HttpWatch {
  const exchanges = createAsyncContext<Exchange>();
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
    fetch: (input, init) => repair(init, () => watched(input, init)),
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

/** Drops user, password and parameters, which may be secret. */
function shownUrl(location: string, base: string): string | undefined {
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  return url === undefined ? undefined : `${url.origin}${url.pathname}`;
}

/** Wraps the `fetch` of a host's transport, if it has one, to read the headers that the SDKs drop. */
export function watchHost(wire: Wire): Run | undefined {
  if (!('_fetch' in wire)) return undefined;
  const seam = wire as { _fetch: typeof fetch | undefined };
  const theirs = seam._fetch;
  const watch = createHttpWatch({
    isInSession: () => wire.sessionId !== undefined,
    fetch: (input, init) => (theirs ?? platformFetch)(input, init),
  });
  seam._fetch = watch.fetch;
  return watch.run;
}
