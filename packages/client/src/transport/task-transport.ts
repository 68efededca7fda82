import type { TaskClient } from '../api/client-api.ts';
import { type Connection, ConnectionFailure } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import { createClientQuestions } from './client-questions.ts';
import { createClientRpc, RpcError } from './client-rpc.ts';
import { createHeldCalls } from './held-calls.ts';
import type { TaskTransport, TaskTransportOptions } from './transport-api.ts';

/**
 * An MCP transport for clients without task support (AI SDK, LangChain, SDK 1.x and 2.x): they call tools of any
 * duration through it. Each call is recorded, waits up to `holdMs`, and then continues in the background. Questions go
 * to the client's own handlers, if it has any; a request that the client cancels leaves its task running.
 * @example
 * import { createTaskTransport } from '@mcp-tasks/client/transport';
 * import { Client } from '@modelcontextprotocol/sdk/client/index.js';
 *
 * const agent = new Client({ name: 'my-agent', version: '1.0.0' });
 * await agent.connect(createTaskTransport(tasks, { holdMs: 20_000 }));
 * const report = await agent.callTool({ name: 'report', arguments: { topic: 'whales' } });
 */
export function createTaskTransport(tasks: TaskClient, options: TaskTransportOptions = {}): TaskTransport {
  const closed = new AbortController();
  let capabilities: JsonObject = {};
  let unlisten: () => void = () => undefined;

  const rpc = createClientRpc({
    // As on a network, no message is answered in the turn that sent it.
    send: (message) => queueMicrotask(() => transport.onmessage?.({ jsonrpc: '2.0', ...message })),
    answer: (method, params, signal) => answer(method, params, signal).catch(rethrow),
  });
  const questions = createClientQuestions({
    rpc,
    capabilities: () => capabilities,
    onError: (error) => transport.onerror?.(error),
  });
  const calls = createHeldCalls({ ...options, tasks, questions, closed: closed.signal });

  async function answer(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonValue> {
    switch (method) {
      case 'initialize':
        return initialize(params);
      case 'ping':
        return {};
      case 'tools/list':
        return { tools: await listTools(tasks, options, signal) };
      case 'tools/call':
        return calls.call(params, signal, progressOf(params));
      default:
        if (IS_OURS.test(method)) throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${method}`);
        return (await connected(tasks)).request(method, params, { signal, timeoutMs: null });
    }
  }

  async function initialize(params: JsonObject): Promise<JsonObject> {
    capabilities = isJsonObject(params.capabilities) ? params.capabilities : {};
    const connection = await connected(tasks);
    unlisten();
    unlisten = connection.onNotification((method, given) => {
      if (IS_PASSED_ON.test(method)) rpc.notify(method, given);
    });
    const { server, instructions } = connection.negotiated;
    return {
      // The server's revision is negotiated by the task client; the host's client may use any revision.
      protocolVersion: params.protocolVersion ?? '',
      serverInfo: { ...server },
      capabilities: passedCapabilities(connection),
      ...(instructions === undefined ? {} : { instructions }),
    };
  }

  function progressOf({ _meta }: JsonObject) {
    const token = isJsonObject(_meta) ? _meta.progressToken : undefined;
    return ({ progress: done, total, message }: Progress): void => {
      if (token === undefined) return;
      const params = { progressToken: token, progress: done, ...defined({ total, message }) };
      rpc.notify('notifications/progress', params);
    };
  }

  const transport: TaskTransport = {
    onmessage: () => undefined,
    onclose: () => undefined,
    onerror: () => undefined,
    start: () => Promise.resolve(),
    async send(message) {
      if (closed.signal.aborted)
        throw new TaskError('closed', 'This transport was closed', { hint: 'Create a new one.' });
      rpc.receive(message);
    },
    async close() {
      if (closed.signal.aborted) return;
      closed.abort();
      unlisten();
      rpc.close();
      transport.onclose?.();
    },
  };
  return transport;
}

const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

/** Methods of tasks, or of revisions that the host's client does not use. */
const IS_OURS = /^(tasks|subscriptions|server)\//;
const IS_PASSED_ON = /^notifications\/(message|.*list_changed|resources\/updated|elicitation\/complete)$/;

/** A client that connects with its first request needs one: list the tools. */
async function connected(tasks: TaskClient): Promise<Connection> {
  try {
    return tasks.connection;
  } catch {
    await tasks.listTools().catch(() => undefined);
    return tasks.connection;
  }
}

const PASSED_CAPABILITIES = ['tools', 'resources', 'prompts', 'completions', 'logging'];

function passedCapabilities({ negotiated }: Connection): JsonObject {
  const offered = Object.entries(negotiated.capabilities).filter(([name]) => PASSED_CAPABILITIES.includes(name));
  return { tools: {}, ...Object.fromEntries(offered) };
}

/** An early reply does not match `outputSchema`, and the SDKs would refuse it: omit the schema. */
async function listTools(
  tasks: TaskClient,
  { holdMs }: TaskTransportOptions,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const tools = await tasks.listTools({ signal });
  return tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
    name,
    inputSchema,
    ...defined({
      title,
      description,
      annotations,
      outputSchema: holdMs === Number.POSITIVE_INFINITY ? outputSchema : undefined,
    }),
  }));
}

function defined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** @throws {RpcError} with the server's code, or with the `TaskError` code in `data` */
function rethrow(error: unknown): never {
  if (error instanceof RpcError) throw error;
  if (error instanceof ConnectionFailure && error.failure.kind === 'rpc') {
    const { code, message, data } = error.failure;
    throw new RpcError(code ?? INTERNAL_ERROR, message, data);
  }
  if (!TaskError.is(error)) throw new RpcError(INTERNAL_ERROR, error instanceof Error ? error.message : String(error));
  const { code, hint } = error;
  throw new RpcError(INTERNAL_ERROR, error.message, { code, ...(hint === undefined ? {} : { hint }) });
}
