import { createHash } from 'node:crypto';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { clientCapabilities, tasksNotDeclared } from '../../mcp-server/tasks-2026-07-28.ts';
import type { Demo } from '../demo.ts';
import { type InlineCall, type InlineOutcome, runInline } from '../inline.ts';
import { recordRequest } from '../journal.ts';
import { misfit } from '../misfit.ts';
import { type AnswerCapabilities, declaredNeeds, missingCapabilities } from '../needs.ts';
import { servedTask } from '../served-tasks.ts';
import { TooManyTasks } from '../task-host.ts';
import { type Answers, type DemoTool, type JsonObject, text } from '../tool.ts';
import { answersIn } from './responses.ts';

/** The request state between two rounds of questions. Signed, so that a client cannot forge it. */
export interface CallState {
  readonly call: string;
  readonly phase: 'before' | 'tool';
  readonly position: number;
  readonly before: Answers;
  readonly answers: Answers;
}

/** `tools/call`: returns a result, a task, or questions that precede either. */
export async function callTool(
  demo: Demo,
  codec: RequestStateCodec<CallState>,
  params: { name: string; arguments?: JsonObject | undefined },
  ctx: ServerContext,
) {
  recordRequest(demo.db, 'tools/call', params.name, Date.now());
  const tool = demo.tools.get(params.name);
  if (tool === undefined) throw new ProtocolError(-32602, `Unknown tool: ${params.name}`);
  const args = params.arguments ?? {};
  const problem = misfit(tool.inputSchema, args);
  if (problem !== undefined) return { ...text(`Invalid arguments: ${problem}`), isError: true };

  const capabilities = (clientCapabilities(ctx) ?? {}) as AnswerCapabilities;
  const supportsTasks = mcp20260728.tookTasks(capabilities);
  if (tool.taskSupport === 'required' && !supportsTasks) throw tasksNotDeclared();
  const missing = missingCapabilities(tool.needs ?? [], capabilities);
  if (Object.keys(missing).length > 0)
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: missing });

  const call = createHash('sha256')
    .update(JSON.stringify([tool.name, args]))
    .digest('base64url');
  const state = readState(ctx, call);
  const declared = declaredNeeds(capabilities);
  const responses = answersIn(ctx);
  let before = state.before;
  if (tool.before !== undefined && state.phase === 'before') {
    const answers = { ...state.answers, ...responses };
    const inline = { given: { args, before, declared }, position: state.position, answers };
    const outcome = await run(demo, tool, tool.before, inline, ctx);
    if (outcome.kind === 'asks') return ask(codec, { call, phase: 'before', before }, outcome, ctx);
    if (outcome.kind === 'ended') before = outcome.answers;
  }
  if (tool.taskSupport !== 'forbidden' && supportsTasks) return await createTask(demo, tool, args, before);

  // A client may send answers in its first call when it knows the questions.
  const inTool = state.phase === 'tool' || tool.before === undefined;
  const answers = inTool ? { ...state.answers, ...responses } : {};
  const inline = { given: { args, before, declared }, position: inTool ? state.position : 0, answers };
  const outcome = await run(demo, tool, tool.run, inline, ctx);
  if (outcome.kind === 'asks') return ask(codec, { call, phase: 'tool', before }, outcome, ctx);
  if (outcome.kind === 'failed') throw new ProtocolError(outcome.error.code, outcome.error.message, outcome.error.data);
  if (outcome.kind === 'ended') throw new ProtocolError(-32603, 'The tool ended without a result');
  return outcome.result;
}

function readState(ctx: ServerContext, call: string): CallState {
  const state = ctx.mcpReq.requestState<CallState>();
  if (state === undefined) return { call, phase: 'before', position: 0, before: {}, answers: {} };
  if (state.call !== call) throw new ProtocolError(-32602, 'This requestState belongs to another call');
  return state;
}

async function createTask(demo: Demo, tool: DemoTool, args: JsonObject, before: Answers) {
  try {
    const task = await demo.host.create({ tool, args, before });
    return mcp20260728.encodeCreated(servedTask(demo, task));
  } catch (error) {
    if (error instanceof TooManyTasks) throw new ProtocolError(-32603, error.message);
    throw error;
  }
}

function run(
  demo: Demo,
  tool: DemoTool,
  body: Parameters<typeof runInline>[0],
  call: InlineCall,
  ctx: ServerContext,
): Promise<InlineOutcome> {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  return runInline(body, call, {
    pace: demo.pace,
    total: tool.workSteps?.(call.given.args),
    signal: ctx.mcpReq.signal,
    onMessage(message, progress) {
      if (tool.logs === true) void ctx.mcpReq.log('info', message).catch(() => {});
      if (progressToken === undefined) return;
      void ctx.mcpReq
        .notify({ method: 'notifications/progress', params: { progressToken, ...progress, message } })
        .catch(() => {});
    },
  });
}

async function ask(
  codec: RequestStateCodec<CallState>,
  state: Pick<CallState, 'call' | 'phase' | 'before'>,
  outcome: Extract<InlineOutcome, { kind: 'asks' }>,
  ctx: ServerContext,
) {
  const requestState = await codec.mint({ ...state, position: outcome.position, answers: outcome.answers }, ctx);
  return { resultType: 'input_required', inputRequests: outcome.questions, requestState };
}
