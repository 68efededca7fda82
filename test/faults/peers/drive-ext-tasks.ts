import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  createTaskSessionFromClient,
  DispatchError,
  type TaskEnabledSession,
  toolDeclarationFromMcpTool,
} from '@modelcontextprotocol/ext-tasks/client';
import { type Instructions, REQUEST_TIMEOUT_MS, type Report, YES } from './contender.ts';

const CLIENT_INFO = { name: 'peer', version: '1' };
const CAPABILITIES = { elicitation: { form: {} } };

type RawDispatch = NonNullable<Parameters<typeof createTaskSessionFromClient>[1]['rawDispatch']>;

/**
 * The dispatch that its host writes for 2026-07-28, as generous as possible: transport failures, 429 and 5xx of task
 * requests are reported as retryable, and every request has a timeout.
 */
function dispatchTo(url: string): RawDispatch {
  let sent = 0;
  return async (request, { signal, context } = {}) => {
    const { method, params } = request as { method: string; params: Record<string, unknown> };
    const name = params.name ?? params.taskId;
    const limit = AbortSignal.timeout(context?.requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
    sent += 1;
    const mayRepeat = method !== 'tools/call';
    const headers = new Headers({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': String(name) }),
    });
    for (const [header, value] of Object.entries(context?.headers ?? {})) headers.set(header, value);
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: sent, method, params }),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    }).catch((error: Error) => {
      throw new DispatchError(error.message, mayRepeat, { cause: error });
    });
    if (response.status === 429 || response.status >= 500) {
      throw new DispatchError(`HTTP ${response.status}`, mayRepeat);
    }
    const { result, error } = (await response.json()) as { result?: never; error?: never };
    return error === undefined ? { kind: 'result', result: result as never } : { kind: 'error', error };
  };
}

async function openSession({ url, questions }: Instructions, report: Report): Promise<TaskEnabledSession> {
  const client = new Client(CLIENT_INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { tools } = await client.listTools();
  const isModern = client.getNegotiatedProtocolVersion() === '2026-07-28';
  const framing = { protocolVersion: '2026-07-28', clientInfo: CLIENT_INFO, clientCapabilities: CAPABILITIES };
  return createTaskSessionFromClient(client, {
    endpointId: url,
    ...(isModern ? { rawDispatch: dispatchTo(url), v2RequestFraming: framing } : {}),
    tools: {
      currentTool(name) {
        const tool = tools.find((each) => each.name === name);
        return tool && toolDeclarationFromMcpTool(tool);
      },
    },
    ...(questions === 'no handler'
      ? {}
      : {
          async onInputRequest() {
            report({ kind: 'asked' });
            return YES as never;
          },
        }),
  });
}

export async function driveExtTasks(instructions: Instructions, report: Report): Promise<void> {
  const session = await openSession(instructions, report);
  const notes = join(instructions.home, 'notes.json');
  if (instructions.act === 'resume from notes') {
    const execution = await session.resumeTask(JSON.parse(readFileSync(notes, 'utf8')));
    const { outcome } = await execution.settle();
    return report({ kind: 'ended', status: outcome.status });
  }
  if (instructions.act === 'resume') {
    // The host would have to save the task's reference; without one only the server's list is left.
    const { tasks } = await session.listTasks();
    return report({ kind: 'ended', status: tasks.length === 0 ? 'nothing to resume' : 'listed, not resumed' });
  }
  report({ kind: 'calling' });
  const execution = await session.callTool(instructions.tool, instructions.args as never, {
    task: { preference: 'prefer' },
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  if (execution.kind !== 'task') return report({ kind: 'ended', status: 'completed', text: 'no task' });
  writeFileSync(notes, JSON.stringify(execution.serializeReference()));
  report({ kind: 'task', taskId: execution.handle.taskId });
  if (instructions.act === 'close early') {
    await session.close();
    return report({ kind: 'closed' });
  }
  const { outcome } = await execution.settle();
  report({
    kind: 'ended',
    status: outcome.status,
    text: outcome.status === 'failed' ? outcome.error.message : undefined,
  });
}
