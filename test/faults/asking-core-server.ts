import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import type { Script } from '../../packages/client/src/testing/index.ts';
import { CORE_WORKING, QUESTION, type World } from './world.ts';

export const RELATED = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } } };

/** A server of 2025-11-25 with one task, breakable streams and a scripted status. */
export function coreServer(status = 'input_required') {
  const streams: ((error: Error) => void)[] = [];
  let current = status;
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: CORE_WORKING };
    if (method === 'tasks/result') return new Promise<JsonObject>((_, reject) => streams.push(reject));
    return { ...CORE_WORKING, status: current };
  };
  return {
    script,
    breakStream: () => streams.shift()?.(new Error('the stream broke')),
    setStatus: (next: string) => {
      current = next;
    },
  };
}

/** The server asks the same question each time; resolves to the answer, or to the code of a refusal. */
export function askApproval({ connection }: World, meta: JsonObject = RELATED): Promise<JsonObject | number | null> {
  return connection
    .ask('elicitation/create', { ...QUESTION.params, ...meta })
    .catch((error: { failure?: { code?: number | null } }) => error.failure?.code ?? null);
}

export const asked = ({ latest: record }: FollowedTask): readonly string[] => Object.keys(openQuestions(record));
