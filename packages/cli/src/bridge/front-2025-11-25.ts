import type { InputRequest, JsonObject } from '@mcp-tasks/client';
import { mcp20251125, type ServedTask } from '@mcp-tasks/client/serve';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type ElicitRequestFormParams,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { CLIENT_LEFT } from '../mcp-server/client-left.ts';
import { createCoreTasks, isCoreTaskMethod } from '../mcp-server/tasks-2025-11-25.ts';
import { createHostAsker, type HostAnswer } from './ask-host.ts';
import { aboutFor20251125, canElicit, type Front, heldTools } from './front.ts';
import { createHold, type HeldRequest } from './held-requests.ts';
import { QUESTION_TIMEOUT_MS } from './person.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A server of 2025-11-25 and earlier: held calls, and core tasks for a host that requests them. */
export function createServer20251125(front: Front): Server {
  const server = new Server(front.description.server, aboutFor20251125(front.description));
  const asker = createHostAsker({
    canShow: ({ method, params }) =>
      front.asksHost &&
      method === 'elicitation/create' &&
      canElicit(server.getClientCapabilities()?.elicitation as JsonObject | undefined, params),
    elicit: async (params, signal, relatedRequestId) =>
      (await server.elicitInput(params as unknown as ElicitRequestFormParams, {
        signal,
        relatedRequestId,
        timeout: QUESTION_TIMEOUT_MS,
      })) as HostAnswer,
    answer: front.answer,
    modelMayAnswer: front.modelMayAnswer,
    now: front.now,
  });
  const { calls, names, holdMs, limits, file, cancelUpstream, now, resultsFolder } = front;
  const clientName = (): string => server.getClientVersion()?.name ?? '';
  const hold = createHold({
    calls,
    names,
    clientName,
    holdMs,
    limits,
    file,
    asker,
    cancelUpstream,
    now,
    resultsFolder,
  });
  server.oninitialized = () => file.sawHost(clientName());
  const core = createCoreTasks(front.tasks);

  async function startTask({ name }: JsonObject, args: JsonObject, { signal }: Extra): Promise<ServedTask> {
    const task = await front.tasks.start(String(name), args);
    // The host has no task id yet, with which it could cancel the task.
    if (signal.aborted && signal.reason !== CLIENT_LEFT && cancelUpstream) await front.tasks.cancel(task);
    return task;
  }

  async function answer(method: string, params: JsonObject, extra: Extra): Promise<JsonObject> {
    switch (method) {
      case 'tools/list':
        return (await heldTools(front)) as unknown as JsonObject;
      case 'tools/call': {
        const args = (params.arguments ?? {}) as JsonObject;
        if (params.task !== undefined) return { task: mcp20251125.encodeTask(await startTask(params, args, extra)) };
        return (await hold(String(params.name), args, heldRequest(extra))) as JsonObject;
      }
      default:
        if (!isCoreTaskMethod(method)) return front.forward(method, params, extra.signal);
        return core.answer(method, params, { signal: extra.signal, ask: (...asked) => askHost(extra, ...asked) });
    }
  }

  // A fallback handler, since the SDK's typed handlers drop unknown fields of a result or a task.
  server.fallbackRequestHandler = async (request, extra) =>
    (await answer(request.method, (request.params ?? {}) as JsonObject, extra)) as ServerResult;
  return server;
}

function heldRequest(extra: Extra): HeldRequest {
  return {
    id: extra.requestId,
    signal: extra.signal,
    progressToken: extra._meta?.progressToken,
    notify: (method, params) => extra.sendNotification({ method, params } as unknown as ServerNotification),
  };
}

/** `undefined` when the question was withdrawn, refused or not answered: it stays open for a terminal. */
async function askHost(extra: Extra, question: InputRequest, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    const request = question as unknown as ServerRequest;
    return (await extra.sendRequest(request, ResultSchema, { signal, timeout: QUESTION_TIMEOUT_MS })) as JsonObject;
  } catch {
    return undefined;
  }
}
