import { mcp20251125 } from '@mcp-tasks/client/serve';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Demo } from '../demo.ts';
import { recordRequest } from '../journal.ts';
import { misfit } from '../misfit.ts';
import { type AnswerCapabilities, declaredNeeds, missingCapabilities } from '../needs.ts';
import { servedTask } from '../served-tasks.ts';
import { TooManyTasks } from '../task-host.ts';
import { type Answers, type DemoTool, type JsonObject, text } from '../tool.ts';
import type { Extra } from './ask.ts';
import { RpcFailure } from './rpc-failure.ts';
import { runCall } from './run-call.ts';

/** Longest time to live that a client may request, in ms. */
const MAX_TTL_MS = 30 * 86_400_000;

export interface CallParams {
  readonly name: string;
  readonly arguments?: JsonObject | undefined;
  readonly task?: { readonly ttl?: number | undefined } | undefined;
}

/** The context of a call. */
export interface Host {
  readonly demo: Demo;
  readonly server: Server;
  readonly wantsLog: () => boolean;
}

/** The owner of the tasks of this request: its session, or every stdio process on this store. */
export function ownerOf(extra: Extra): string {
  return extra.sessionId ?? 'stdio';
}

/**
 * `tools/call`: creates a task when the client asks for one, else returns a result and asks on the stream of the call.
 */
export async function callTool(
  { demo, server, wantsLog }: Host,
  params: CallParams,
  extra: Extra,
): Promise<Record<string, unknown>> {
  recordRequest(demo.db, 'tools/call', params.name, Date.now());
  const tool = demo.tools.get(params.name);
  if (tool === undefined) throw new RpcFailure({ code: -32602, message: `Unknown tool: ${params.name}` });
  const asTask = params.task !== undefined;
  if (tool.taskSupport === 'required' && !asTask) {
    throw new RpcFailure({ code: -32601, message: `The tool "${tool.name}" has to be called as a task` });
  }
  if (tool.taskSupport === 'forbidden' && asTask) {
    throw new RpcFailure({ code: -32601, message: `The tool "${tool.name}" cannot be called as a task` });
  }
  const args = params.arguments ?? {};
  const problem = misfit(tool.inputSchema, args);
  if (problem !== undefined) {
    if (asTask) throw new RpcFailure({ code: -32602, message: `Invalid arguments: ${problem}` });
    return { ...text(`Invalid arguments: ${problem}`), isError: true };
  }
  const capabilities = (server.getClientCapabilities() ?? {}) as AnswerCapabilities;
  const missing = missingCapabilities(tool.needs ?? [], capabilities);
  if (Object.keys(missing).length > 0) {
    const message = 'The client did not declare what this tool needs';
    throw new RpcFailure({ code: -32602, message, data: { requiredCapabilities: missing } });
  }

  const call = { demo, tool, extra, wantsLog };
  const given = { args, before: {}, declared: declaredNeeds(capabilities) };
  const before = tool.before === undefined ? {} : (await runCall(call, tool.before, given)).answers;
  if (params.task !== undefined) return await createTask(demo, tool, args, before, params.task.ttl, extra);
  const { result } = await runCall(call, tool.run, { ...given, before });
  if (result === undefined) throw new RpcFailure({ code: -32603, message: 'The tool ended without a result' });
  return { ...result };
}

async function createTask(
  demo: Demo,
  tool: DemoTool,
  args: JsonObject,
  before: Answers,
  ttl: number | undefined,
  extra: Extra,
): Promise<Record<string, unknown>> {
  try {
    const ttlMs = ttl === undefined ? {} : { ttlMs: Math.min(Math.max(0, Math.round(ttl)), MAX_TTL_MS) };
    const task = await demo.host.create({ tool, args, before, owner: ownerOf(extra), startsWorking: true, ...ttlMs });
    return { task: mcp20251125.encodeTask(servedTask(demo, task)) };
  } catch (error) {
    if (error instanceof TooManyTasks) throw new RpcFailure({ code: -32603, message: error.message });
    throw error;
  }
}
