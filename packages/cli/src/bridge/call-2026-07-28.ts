import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728, type ServedTask } from '@mcp-tasks/client/serve';
import { createRequestStateCodec, ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { clientCapabilities, clientNameIn, refuse } from '../mcp-server/tasks-2026-07-28.ts';
import { canElicit, type Front } from './front.ts';
import { createHold, type HeldRequest } from './held-requests.ts';
import { answeredBy } from './host-requests.ts';
import { answersSome, asksNew, type FirstReply } from './native-call.ts';

/** Lifetime of a request state: the limit for answers to questions before a task, in seconds. */
const STATE_SECONDS = 86_400;

/** The request state between two rounds of questions: the task and the questions shown. */
type CallState = Pick<ServedTask, 'taskId' | 'questionIds'>;

/** One `tools/call` of 2026-07-28. */
interface Call {
  readonly tool: string;
  readonly args: JsonObject;
  readonly ctx: ServerContext;
  /** The answers in this request. */
  readonly responses: Readonly<Record<string, unknown>>;
}

type CallTool = (tool: string, args: JsonObject, ctx: ServerContext) => Promise<unknown>;

/**
 * Answers `tools/call`: with a task for a host with the tasks extension, else with a held call. Both kinds of host
 * receive questions as `input_required`.
 */
export function createCallTool(front: Front): CallTool {
  const { tasks, nativeCalls, calls, names, holdMs, limits, file, asksHost, cancelUpstream, now, resultsFolder } =
    front;
  const codec = createRequestStateCodec<CallState>({ key: front.stateKey, ttlSeconds: STATE_SECONDS });

  /** The task of a repeated call. */
  async function findEarlier({ tool, args, ctx }: Call): Promise<ServedTask | undefined> {
    const state = ctx.mcpReq.requestState();
    if (typeof state !== 'string') return undefined;
    const { taskId, questionIds } = await codec.verify(state, ctx).catch(() => {
      throw new ProtocolError(-32602, 'Invalid or expired requestState', { reason: 'invalid_request_state' });
    });
    const isWait = tool === names().wait && args.id === taskId;
    const task = isWait ? await tasks.find(taskId) : await nativeCalls.resume(taskId, tool, args);
    // Answers belong to the questions shown then: a question that has replaced one is asked again.
    return task === undefined ? undefined : { ...task, questionIds };
  }

  async function ask(task: ServedTask, ctx: ServerContext): Promise<unknown> {
    const { taskId, questionIds } = task;
    const requestState = await codec.mint({ taskId, questionIds }, ctx);
    return { resultType: 'input_required', inputRequests: task.inputRequests, requestState };
  }

  /** A host that gave up receives nothing. */
  function delivered(task: ServedTask, { mcpReq }: ServerContext): void {
    if (!mcpReq.signal.aborted) tasks.delivered(task);
  }

  function encode(reply: FirstReply, ctx: ServerContext): unknown {
    const { kind, task } = reply;
    switch (kind) {
      case 'returned':
        delivered(task, ctx);
        return reply.result;
      case 'refused':
        delivered(task, ctx);
        throw new ProtocolError(reply.error.code ?? -32603, reply.error.message, reply.error.data);
      case 'asks':
        return canShowAll(task, ctx) ? ask(task, ctx) : mcp20260728.encodeCreated(task);
      case 'task':
        return mcp20260728.encodeCreated(task);
    }
  }

  async function held(call: Call, before: ServedTask | undefined): Promise<unknown> {
    const { tool, args, ctx, responses } = call;
    const asked: { task?: ServedTask } = {};
    const hold = createHold({
      ...{ calls, names, holdMs, limits, file, cancelUpstream, now, resultsFolder },
      clientName: () => clientNameIn(ctx),
      asker: undefined,
    });
    const result = await hold(tool, args, {
      ...heldRequest(ctx),
      resumes: before?.taskId,
      asks(record) {
        const task = tasks.show(record);
        if (!asksHost || !asksNew(task, before) || !canShowAll(task, ctx)) return false;
        asked.task = task;
        return true;
      },
    });
    const { task } = asked;
    if (task === undefined) return result;
    // A host may send answers in its first call when it knows the questions.
    if (before !== undefined || !answersSome(task, responses)) return ask(task, ctx);
    await tasks.answer(task, responses);
    return held(call, task);
  }

  return async (tool, args, ctx) => {
    const call = { tool, args, ctx, responses: ctx.mcpReq.inputResponses ?? {} };
    file.sawHost(clientNameIn(ctx));
    try {
      const before = await findEarlier(call);
      if (mcp20260728.tookTasks(clientCapabilities(ctx))) {
        const { signal } = ctx.mcpReq;
        const reply =
          before === undefined
            ? await nativeCalls.begin(tool, args, signal)
            : await nativeCalls.sendAnswers(before, call.responses, signal);
        // The host has no task id yet, with which it could cancel the task.
        if (signal.aborted && cancelUpstream) await tasks.cancel(reply.task);
        return await encode(reply, ctx);
      }
      if (before === undefined) return await held(call, undefined);
      await tasks.answer(before, call.responses);
      // Repeat the questions to a call without answers, but not after an answer that no person gave: that would loop.
      return await held(call, answersSome(before, call.responses) ? before : withoutQuestions(before));
    } catch (error) {
      return refuse(error);
    }
  };
}

function withoutQuestions(task: ServedTask): ServedTask {
  return { ...task, questionIds: {} };
}

function heldRequest({ mcpReq }: ServerContext): HeldRequest {
  return {
    id: mcpReq.id,
    signal: mcpReq.signal,
    progressToken: mcpReq._meta?.progressToken,
    notify: (method, params) => mcpReq.notify({ method, params } as never),
  };
}

function canShowAll({ inputRequests }: ServedTask, ctx: ServerContext): boolean {
  const capabilities = (clientCapabilities(ctx) ?? {}) as JsonObject & { readonly elicitation?: JsonObject };
  const answered: readonly string[] = answeredBy(capabilities);
  return Object.values(inputRequests).every(({ method, params }) =>
    method === 'elicitation/create' ? canElicit(capabilities.elicitation, params) : answered.includes(method),
  );
}
