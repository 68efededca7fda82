import { isJsonObject, type JsonObject, type ProgramAnswers } from '@mcp-tasks/client';
import { CLIENT_CAPABILITIES } from '../mcp-server/meta-keys.ts';

/** The capabilities that a host declares in this message; `undefined` when it declares none. */
export function capabilitiesIn({ method, params }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(params)) return undefined;
  const { capabilities, _meta: meta } = params;
  const declared = method === 'initialize' ? capabilities : isJsonObject(meta) ? meta[CLIENT_CAPABILITIES] : undefined;
  return isJsonObject(declared) ? declared : undefined;
}

/** The requests of a server that a host with these capabilities answers without a person. */
export function answeredBy({ sampling, roots }: JsonObject): ProgramAnswers['methods'] {
  return [
    ...(sampling === undefined ? [] : (['sampling/createMessage'] as const)),
    ...(roots === undefined ? [] : (['roots/list'] as const)),
  ];
}

/** Requests to the host beside those of the SDK's server, on the same connection. */
export interface HostQueries {
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  /** Settles the request that this message replies to; returns false for other messages. */
  handle(message: JsonObject): boolean;
  /** The host has disconnected. */
  end(): void;
}

const PREFIX = 'bridge:';

export function createHostQueries(send: (message: object) => Promise<void>): HostQueries {
  const waiting = new Map<unknown, { resolve(result: JsonObject): void; reject(error: Error): void }>();
  let last = 0;

  return {
    ask(method, params, signal) {
      last += 1;
      const id = `${PREFIX}${last}`;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        signal.addEventListener('abort', () => {
          if (!waiting.delete(id)) return;
          void send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
          reject(new Error('The server withdrew its question'));
        });
        void send({ jsonrpc: '2.0', id, method, params });
      });
    },
    handle({ id, method, result, error }) {
      const waiter = method === undefined ? waiting.get(id) : undefined;
      if (waiter === undefined) return false;
      waiting.delete(id);
      if (isJsonObject(result)) waiter.resolve(result);
      else waiter.reject(new HostRefusal(error));
      return true;
    },
    end() {
      for (const { reject } of waiting.values()) reject(new Error('The host has disconnected'));
      waiting.clear();
    },
  };
}

/** The error that a host replied. */
class HostRefusal extends Error {
  readonly code: number | null;

  constructor(error: unknown) {
    const { code, message } = isJsonObject(error) ? error : ({} as JsonObject);
    super(typeof message === 'string' ? message : 'The host refused');
    this.code = typeof code === 'number' ? code : null;
  }
}
