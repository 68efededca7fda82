import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { type Act, type FaultyServer, startFaulty, type WireRequest } from '../faults/start-faulty.ts';

export type Revision = '2026-07-28' | '2025-11-25';

/** Texts that the server chooses. */
export interface HostileTexts {
  readonly revision: Revision;
  /** Keys of its questions; 2025-11-25 has no keys, so one question is asked. */
  readonly keys: readonly string[];
  readonly text: string;
  /** @default the text */
  readonly tool?: string;
  /** @default the text */
  readonly taskId?: string;
}

export interface HostileServer extends FaultyServer {
  /** Ends the task with this status. */
  finish(status: 'completed' | 'failed'): void;
  stop(): Promise<void>;
}

/** A server with hostile names, messages, keys and ids, whose one task asks until `finish`. */
export async function startHostile(texts: HostileTexts): Promise<HostileServer> {
  const { revision, keys, text, tool = text, taskId = text } = texts;
  const isCore = revision === '2025-11-25';
  const states: { status: 'input_required' | 'completed' | 'failed' } = { status: 'input_required' };
  const question = {
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: text,
      requestedSchema: { type: 'object', properties: { [text]: { type: 'string', title: text, description: text } } },
    },
  };
  const result = { content: [{ type: 'text', text }], structuredContent: { [text]: text } };
  const error = { code: -32000, message: text, data: { [text]: text } };
  const life = isCore ? { ttl: 600_000, pollInterval: 250 } : { ttlMs: 600_000, pollIntervalMs: 250 };

  function task(): JsonObject {
    const inputRequests = Object.fromEntries(keys.map((key) => [key, question]));
    return {
      taskId,
      status: states.status,
      statusMessage: text,
      createdAt: '2026-11-01T00:00:00Z',
      lastUpdatedAt: '2026-11-01T00:00:00Z',
      ...life,
      ...(isCore || states.status !== 'input_required' ? {} : { inputRequests }),
      ...(!isCore && states.status === 'completed' ? { result } : {}),
      ...(!isCore && states.status === 'failed' ? { error } : {}),
    };
  }

  function act({ method }: WireRequest): Act | undefined {
    switch (method) {
      case 'tools/list': {
        const one = {
          name: tool,
          title: text,
          description: text,
          inputSchema: { type: 'object', properties: { [text]: { type: 'string', description: text } } },
        };
        if (isCore) return { result: { tools: [{ ...one, execution: { taskSupport: 'required' } }] } };
        return { result: { resultType: 'complete', tools: [one], ttlMs: 0, cacheScope: 'private' } };
      }
      case 'tools/call': {
        const { inputRequests: _, ...created } = task();
        return { result: isCore ? { task: created } : { resultType: 'task', ...created, status: 'working' } };
      }
      case 'tasks/get':
        return { result: isCore ? task() : { resultType: 'complete', ...task() } };
      case 'tasks/result':
        if (states.status === 'completed') return { result };
        if (states.status === 'failed') return { error };
        return {
          stream: ({ send }) => {
            const related = { _meta: { 'io.modelcontextprotocol/related-task': { taskId } } };
            send({ id: 'q1', method: question.method, params: { ...question.params, ...related } });
          },
        };
      case 'initialize':
        return {
          result: {
            protocolVersion: revision,
            capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } },
            serverInfo: { name: text, version: text, title: text },
            instructions: text,
          },
        };
      default:
        return undefined;
    }
  }

  const server = await startFaulty(act, { revision });
  return {
    ...server,
    finish(status) {
      states.status = status;
    },
  };
}
