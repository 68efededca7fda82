import { isJsonObject } from '../../task/json.ts';
import { describeNetworkError } from '../wire/network-errors.ts';
import { readAuthorizationAnswers } from './authorization-answers.ts';
import { peekJson } from './peek-json.ts';

/** Token refreshes made through the fetch of a connection. */
export interface SharedRefresh {
  readonly fetch: typeof fetch;
  /** Why the authorization server failed at the last refresh, if it did. Reading clears it. */
  consumeProblem(): string | undefined;
  /**
   * The issuer of a callback in the form that the SDK compares. The issuer of the metadata becomes its repaired form;
   * other text is unchanged, so that the SDK refuses it (RFC 9207, 2.4).
   */
  knownIssuer(served: string): string;
}

/** Result of the last refresh, until a server refuses its token. */
interface RefreshedTokens {
  readonly access: unknown;
  readonly refresh: unknown;
  readonly answer: Response;
}

/**
 * A refresh token often works once, and some servers treat a second use as theft. Concurrent refused requests share one
 * refresh and its response; so does a request whose refusal arrives after the refresh.
 */
export function createSharedRefresh(plain: typeof fetch): SharedRefresh {
  const issuers = new Map<string, string>();
  const send = readAuthorizationAnswers(plain, (served, known) => {
    issuers.set(served, known);
  });
  const inFlight = new Map<string, Promise<Response>>();
  let problem: string | undefined;
  let refreshed: RefreshedTokens | undefined;

  async function renew(
    token: string,
    input: Parameters<typeof fetch>[0],
    init: RequestInit | undefined,
  ): Promise<Response> {
    try {
      const response = await send(input, init);
      const isTheirs = response.status >= 500 || response.status === 429;
      problem = isTheirs ? `the authorization server answers HTTP ${response.status}` : undefined;
      if (response.ok) refreshed = await readRefreshed(response, token);
      return response;
    } catch (error) {
      problem = `the authorization server cannot be reached: ${describeNetworkError(error)}`;
      throw error;
    }
  }

  return {
    knownIssuer: (served) => issuers.get(served) ?? served,
    consumeProblem() {
      const last = problem;
      problem = undefined;
      return last;
    },
    async fetch(input, init) {
      const token = refreshTokenIn(init?.body);
      if (token === undefined) {
        const response = await send(input, init);
        const isRefused = response.status === 401 || response.status === 403;
        if (isRefused && new Headers(init?.headers).get('authorization') === `Bearer ${refreshed?.access}`)
          refreshed = undefined;
        return response;
      }
      if (refreshed?.refresh === token) return refreshed.answer.clone();
      const known = inFlight.get(token);
      if (known !== undefined) return (await known).clone();
      const answer = renew(token, input, init);
      inFlight.set(token, answer);
      try {
        return (await answer).clone();
      } finally {
        inFlight.delete(token);
      }
    },
  };
}

async function readRefreshed(answer: Response, spent: string): Promise<RefreshedTokens | undefined> {
  const body: unknown = await peekJson(answer);
  if (!isJsonObject(body)) return undefined;
  return { access: body.access_token, refresh: body.refresh_token ?? spent, answer: answer.clone() };
}

function refreshTokenIn(body: unknown): string | undefined {
  const parameters = body instanceof URLSearchParams ? body : undefined;
  return parameters?.get('grant_type') === 'refresh_token' ? (parameters.get('refresh_token') ?? undefined) : undefined;
}
