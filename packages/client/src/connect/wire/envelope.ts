import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { InputRequest, InputResponse } from '../../task/task.ts';
import { ConnectionFailure } from '../connection.ts';
import type { HostClientV2 } from './host.ts';
import type { Wire, WireMessage } from './wire.ts';

const anything = {
  '~standard': { version: 1, vendor: 'mcp-tasks', validate: (value: unknown) => ({ value }) },
} as const;

type Send = (
  request: { readonly method: string; readonly params?: object },
  schema: typeof anything,
) => Promise<unknown>;

function sendAs(client: HostClientV2): Send {
  return (request, schema) => (client.request as unknown as Send).call(client, request, schema);
}

/** Replaces the wire's `send` during the synchronous `work`. */
function intercept(wire: Wire, send: Wire['send'], work: () => void): void {
  const own = Object.getOwnPropertyDescriptor(wire, 'send');
  wire.send = send;
  try {
    work();
  } finally {
    if (own === undefined) Reflect.deleteProperty(wire, 'send');
    else Object.defineProperty(wire, 'send', own);
  }
}

/** Captures the client's `_meta` of a request, without sending the request. */
export function envelopeOf(client: HostClientV2, wire: Wire): JsonObject | undefined {
  let meta: unknown;
  const captureMeta = (message: WireMessage): Promise<void> => {
    meta = message.params?._meta;
    return Promise.reject(new Error('Not for the wire'));
  };
  intercept(wire, captureMeta, () => {
    sendAs(client)({ method: 'mcp-tasks/envelope' }, anything).catch(() => undefined);
  });
  return isJsonObject(meta) ? meta : undefined;
}

const ASK = 'mcp-tasks/ask:';

/**
 * Calls the host's own handlers. The SDK client answers only questions in the result of its own request: it sends a
 * local request, and its retry with the answers is kept off the wire.
 */
export function askHandlers(client: HostClientV2, wire: Wire): (request: InputRequest) => Promise<InputResponse> {
  const asked = new Map<string, InputRequest>();
  const answers = new Map<string, unknown>();
  const { send } = wire;

  wire.send = async (message, options) => {
    const { id, params } = message;
    const name = String(params?.name);
    const question = asked.get(name);
    if (id === undefined || question === undefined) return send.call(wire, message, options);
    const responses = params?.inputResponses;
    if (isJsonObject(responses)) answers.set(name, responses.question);
    const result = isJsonObject(responses)
      ? { resultType: 'complete', content: [] }
      : { resultType: 'input_required', inputRequests: { question: { ...question } } };
    queueMicrotask(() => wire.onmessage?.({ jsonrpc: '2.0', id, result }));
  };

  return async (request) => {
    const name = `${ASK}${crypto.randomUUID()}`;
    asked.set(name, request);
    try {
      await sendAs(client)({ method: 'tools/call', params: { name, arguments: {} } }, anything);
      const answer = answers.get(name);
      if (isJsonObject(answer)) return answer;
      throw new ConnectionFailure({ kind: 'rpc', code: null, message: 'The host gave no answer' });
    } finally {
      asked.delete(name);
      answers.delete(name);
    }
  };
}
