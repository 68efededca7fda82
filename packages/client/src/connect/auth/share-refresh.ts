import { isJsonObject } from '../../task/json.ts';
import { networkWords } from '../wire/network-words.ts';
import { readAuthorizationAnswers } from './authorization-answers.ts';
import { peekJson } from './peek-json.ts';

/** Token refreshes made through the fetch of a connection. */
export interface SharedRefresh {
  readonly fetch: typeof fetch;
  /** Why the authorization server failed at the last refresh, if it did. Reading clears it. */
  takeTrouble(): string | undefined;
  /**
   * The issuer of a callback in the form that the SDK compares. The issuer of the metadata becomes its repaired form;
   * other text is unchanged, so that the SDK refuses it (RFC 9207, 2.4).
   */
  knownIssuer(served: string): string;
}

/** Result of the last refresh, until a server refuses its token. */
interface Given {
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
  const underway = new Map<string, Promise<Response>>();
  let trouble: string | undefined;
  let given: Given | undefined;

  async function renew(
    token: string,
    input: Parameters<typeof fetch>[0],
    init: RequestInit | undefined,
  ): Promise<Response> {
    try {
      const response = await send(input, init);
      const isTheirs = response.status >= 500 || response.status === 429;
      trouble = isTheirs ? `the authorization server answers HTTP ${response.status}` : undefined;
      if (response.ok) given = await readGiven(response, token);
      return response;
    } catch (error) {
      trouble = `the authorization server cannot be reached: ${networkWords(error)}`;
      throw error;
    }
  }

  return {
    knownIssuer: (served) => issuers.get(served) ?? served,
    takeTrouble() {
      const told = trouble;
      trouble = undefined;
      return told;
    },
    async fetch(input, init) {
      const token = refreshTokenIn(init?.body);
      if (token === undefined) {
        const response = await send(input, init);
        const isRefused = response.status === 401 || response.status === 403;
        if (isRefused && new Headers(init?.headers).get('authorization') === `Bearer ${given?.access}`)
          given = undefined;
        return response;
      }
      if (given?.refresh === token) return given.answer.clone();
      const known = underway.get(token);
      if (known !== undefined) return (await known).clone();
      const answer = renew(token, input, init);
      underway.set(token, answer);
      try {
        return (await answer).clone();
      } finally {
        underway.delete(token);
      }
    },
  };
}

async function readGiven(answer: Response, spent: string): Promise<Given | undefined> {
  const body: unknown = await peekJson(answer);
  if (!isJsonObject(body)) return undefined;
  return { access: body.access_token, refresh: body.refresh_token ?? spent, answer: answer.clone() };
}

function refreshTokenIn(body: unknown): string | undefined {
  const parameters = body instanceof URLSearchParams ? body : undefined;
  return parameters?.get('grant_type') === 'refresh_token' ? (parameters.get('refresh_token') ?? undefined) : undefined;
}
