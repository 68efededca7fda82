import { mcp20260728, type ServedTasks, ServeRefusal } from '@mcp-tasks/client/serve';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

const taskParams = z.looseObject({ taskId: z.string() });
const anyResult = z.looseObject({});

/** Client capabilities in this request. */
export function clientCapabilities({ mcpReq }: ServerContext): unknown {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  return envelope[CLIENT_CAPABILITIES_META_KEY];
}

/** `clientInfo.name` in this request; empty when absent. */
export function clientNameIn({ mcpReq }: ServerContext): string {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const { name } = (envelope[CLIENT_INFO_META_KEY] ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : '';
}

/** The refusal of a request without the tasks extension. */
export function tasksNotDeclared(): Error {
  return new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [mcp20260728.TASKS_EXTENSION]: {} } },
  });
}

/** Handles `tasks/get`, `tasks/update` and `tasks/cancel`. `onRequest` is called with each. */
export function serveTasks(
  server: Server,
  tasks: ServedTasks,
  onRequest: (method: string, taskId: string) => void = () => undefined,
): void {
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'] as const) {
    server.setRequestHandler(method, { params: taskParams, result: anyResult }, async ({ taskId }, ctx) => {
      onRequest(method, taskId);
      const capabilities = clientCapabilities(ctx);
      if (!mcp20260728.tookTasks(capabilities)) throw tasksNotDeclared();
      const responses = method === 'tasks/update' ? responsesIn(ctx) : undefined;
      return mcp20260728.answerTaskRequest({ method, taskId, responses, capabilities }, tasks).catch(refuse);
    });
  }
}

/** The answers, with `null` for each that the SDK dropped because it is not an object: the task reports them. */
function responsesIn({ mcpReq }: ServerContext): Readonly<Record<string, unknown>> | undefined {
  if (mcpReq.inputResponses === undefined) return undefined;
  const dropped = (mcpReq.droppedInputResponseKeys ?? []).map((key) => [key, null]);
  return { ...mcpReq.inputResponses, ...Object.fromEntries(dropped) };
}

/** Rethrows a ServeRefusal as an error of the SDK. */
export function refuse(error: unknown): never {
  if (error instanceof ServeRefusal) throw new ProtocolError(error.code, error.message, error.data);
  throw error;
}
