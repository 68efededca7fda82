import type { JsonObject, JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Failure, type RequestOptions } from '../connection.ts';
import { rpcFailure } from '../wire/classify.ts';
import { decodeAnswer, encodeRequest } from './bindings.ts';
import type { Exchange } from './exchange.ts';
import { withFiles } from './local-files.ts';
import type { AgentCard, AgentInterface } from './read-card.ts';
import { within } from './time-limit.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
/** Error codes of a server that speaks another version than its card names. */
const WRONG_VERSION: ReadonlySet<number | null> = new Set([-32601, -32009]);

/** Failures that do not reveal which version the server speaks. */
const UNANSWERED: ReadonlySet<Failure['kind']> = new Set(['transport', 'timeout', 'aborted', 'auth']);

export interface AgentEndpointOptions {
  readonly exchange: Exchange;
  readonly card: AgentCard;
  /** Reads the card again. @throws {ConnectionFailure} */
  readonly findCard: (signal: AbortSignal) => Promise<AgentCard>;
  readonly isWaiting: () => boolean;
}

/** Sends requests to the best interface of the card; on a version mismatch, uses the other version. */
export interface AgentEndpoint {
  readonly at: AgentInterface;
  /** Description of a mismatch between the card and the server. */
  readonly mismatch: string | undefined;
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
}

/** Options of one request, in either version. */
type SendOptions = Pick<RequestOptions, 'maySend'> & { readonly signal: AbortSignal };

export function createAgentEndpoint({ exchange, findCard, isWaiting, ...first }: AgentEndpointOptions): AgentEndpoint {
  let { card } = first;
  let at = card.interfaces[0] as AgentInterface;
  let mismatch: string | undefined;
  let isStale = false;

  async function ask(method: string, params: JsonObject, options: SendOptions): Promise<JsonValue> {
    const outgoing = encodeRequest(at, method, params);
    if (outgoing === undefined) {
      throw new ConnectionFailure({ kind: 'rpc', code: -32601, message: `A2A ${at.version} has no ${method}` });
    }
    const { version } = at;
    const isPoll = method === 'GetTask';
    const answer = await exchange(outgoing, { ...options, version, isPoll }, (status, body) =>
      decodeAnswer(at, status, body),
    );
    if ('error' in answer) throw new ConnectionFailure(rpcFailure(answer.error));
    return answer.result;
  }

  /** Repeats the request in the other version at the same address: a request in the wrong version had no effect. */
  async function askInOtherVersion(
    method: string,
    params: JsonObject,
    options: SendOptions,
    cause: unknown,
  ): Promise<JsonValue> {
    const before = at;
    const other: AgentInterface = { ...at, version: at.version === '1.0' ? '0.3' : '1.0' };
    if (mismatch !== undefined || encodeRequest(other, method, params) === undefined) throw cause;
    at = other;
    try {
      const result = await ask(method, params, options);
      mismatch = `its card says ${before.version}, and it speaks ${other.version}`;
      return result;
    } catch (error) {
      const failure = error instanceof ConnectionFailure ? error.failure : undefined;
      if (failure?.kind === 'rpc' && !WRONG_VERSION.has(failure.code)) {
        mismatch = `its card says ${before.version}, and it speaks ${other.version}`;
        throw error;
      }
      at = before;
      // Without an answer it is unknown which version the server speaks.
      throw failure !== undefined && UNANSWERED.has(failure.kind) ? error : cause;
    }
  }

  /** Reads the card again: an agent that moved publishes its new address there. */
  async function rereadCard(signal: AbortSignal): Promise<void> {
    const found = await findCard(signal).catch(() => undefined);
    const [best] = found?.interfaces ?? [];
    if (found === undefined || best === undefined) return;
    isStale = false;
    const isMoved = best.url.href !== card.interfaces[0]?.url.href;
    card = found;
    if (!isMoved) return;
    at = best;
    mismatch = undefined;
  }

  async function perform(method: string, params: JsonObject, options: SendOptions): Promise<JsonValue> {
    if (method === 'GetAgentCard') return card.raw;
    if (isStale) await rereadCard(options.signal);
    const whole = method === 'SendMessage' ? await withFiles(params) : params;
    try {
      return await ask(method, whole, options);
    } catch (error) {
      const failure = error instanceof ConnectionFailure ? error.failure : undefined;
      isStale ||= failure?.kind === 'transport' || (failure?.kind === 'http' && failure.status === 404);
      if (failure?.kind !== 'rpc' || !WRONG_VERSION.has(failure.code)) throw error;
      return askInOtherVersion(method, whole, options, error);
    }
  }

  return {
    get at() {
      return at;
    },
    get mismatch() {
      return mismatch;
    },
    request: (method, params, { signal, timeoutMs = DEFAULT_TIMEOUT_MS, maySend } = {}) =>
      within((stop) => perform(method, params, { signal: stop, maySend }), { signal, timeoutMs, isWaiting }),
  };
}
