import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';

type Id = string | number;

/** A JSON-RPC error for the host's client. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: JsonValue | undefined;

  constructor(code: number, message: string, data?: JsonValue) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** JSON-RPC with the host's client, in both directions, by messages in this process. */
export interface ClientRpc {
  /** Handles a message of the client. */
  receive(message: object): void;
  /** Sends a request to the client. Aborting cancels it. @throws {RpcError} the client's error */
  request(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  /** Aborts the requests in flight of both sides. */
  close(): void;
}

export interface ClientRpcOptions {
  readonly send: (message: JsonObject) => void;
  /** Answers a request; the signal aborts when the client cancels it. */
  readonly answer: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonValue>;
}

interface Waiting {
  resolve(result: JsonObject): void;
  reject(error: Error): void;
}

const INTERNAL_ERROR = -32603;

export function createClientRpc({ send, answer }: ClientRpcOptions): ClientRpc {
  const serving = new Map<Id, AbortController>();
  const waiting = new Map<Id, Waiting>();
  let lastId = 0;

  async function serve(id: Id, method: string, params: JsonObject): Promise<void> {
    const withdrawn = new AbortController();
    serving.set(id, withdrawn);
    const reply = await answer(method, params, withdrawn.signal).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: errorOf(error) }),
    );
    serving.delete(id);
    // A cancelled request gets no response. Specification: basic/utilities/cancellation.
    if (!withdrawn.signal.aborted) send({ jsonrpc: '2.0', id, ...reply });
  }

  function settle(id: Id, { result, error }: JsonObject): void {
    const sent = waiting.get(id);
    if (isJsonObject(error)) sent?.reject(new RpcError(Number(error.code), String(error.message), error.data));
    else sent?.resolve(isJsonObject(result) ? result : {});
  }

  return {
    receive(given) {
      const message = given as JsonObject;
      const { id, method } = message;
      const params = isJsonObject(message.params) ? message.params : {};
      const isRequest = typeof id === 'string' || typeof id === 'number';
      if (typeof method !== 'string') {
        if (isRequest) settle(id, message);
      } else if (isRequest) void serve(id, method, params);
      else if (method === 'notifications/cancelled') serving.get(params.requestId as Id)?.abort();
    },
    request(method, params, signal) {
      lastId += 1;
      const id = `mcp-tasks:${lastId}`;
      return new Promise<JsonObject>((resolve, reject) => {
        const withdraw = (): void => {
          send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
          reject(new RpcError(INTERNAL_ERROR, 'The question was withdrawn'));
        };
        signal.addEventListener('abort', withdraw, { once: true });
        waiting.set(id, { resolve, reject });
        send({ jsonrpc: '2.0', id, method, params });
      }).finally(() => waiting.delete(id));
    },
    notify: (method, params) => send({ jsonrpc: '2.0', method, params }),
    close() {
      for (const withdrawn of serving.values()) withdrawn.abort();
      for (const { reject } of [...waiting.values()]) reject(new RpcError(INTERNAL_ERROR, 'The transport was closed'));
    },
  };
}

function errorOf(error: unknown): JsonObject {
  if (!(error instanceof RpcError)) return { code: INTERNAL_ERROR, message: String(error) };
  const { code, message, data } = error;
  return { code, message, ...(data === undefined ? {} : { data }) };
}
