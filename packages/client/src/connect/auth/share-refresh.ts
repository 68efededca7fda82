import { isJsonObject } from '../../task/json.ts';
import { networkWords } from '../wire/network-words.ts';
import { readAuthorizationAnswers } from './authorization-answers.ts';
import { peekJson } from './peek-json.ts';

/** Renewals of an access token, on their way through the fetch of a connection. */
export interface SharedRefresh {
  readonly fetch: typeof fetch;
  /** Why the last renewal could not be made, when that says nothing about the sign-in itself. Told once. */
  takeTrouble(): string | undefined;
  /**
   * The issuer of a callback as the SDK knows it: the very text that the metadata had stands for what was read of it. Any
   * other is left as it is, to be refused (RFC 9207, 2.4).
   */
  knownIssuer(served: string): string;
}

/** What the last renewal gave, for as long as no server has refused it. */
interface Given {
  readonly access: unknown;
  readonly refresh: unknown;
  readonly answer: Response;
}

/**
 * Refresh tokens often work once, and some servers take a second use for theft. Of several requests that are refused
 * at the same time one renews the token, and the others get the same answer, also those that come to it too late.
 */
export function createSharedRefresh(plain: typeof fetch): SharedRefresh {
  const issuers = new Map<string, string>();
  const send = readAuthorizationAnswers(plain, (served, known) => issuers.set(served, known));
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
