import type { JsonObject } from '@mcp-tasks/client';
import type { OwnNames } from './texts.ts';

/** Note added to a tool's description for the model. */
const MAY_TAKE_LONG = 'May take long: it then answers NOT FINISHED with a task id.';

const PREFIX = 'mcp_';

/** Names of our tools. A name that the server uses gets a prefix, repeated until it is free. */
export function ownNames(theirs: ReadonlySet<string>, modelMayAnswer = false): OwnNames {
  const free = (name: string): string => (theirs.has(name) ? free(PREFIX + name) : name);
  const names = { wait: free('tasks_wait'), list: free('tasks_list'), cancel: free('tasks_cancel') };
  return modelMayAnswer ? { ...names, answer: free('tasks_answer') } : names;
}

/** The server's tools for a host without tasks. `outputSchema` is removed: the answer NOT FINISHED would violate it. */
export function bridgedTools(theirs: readonly JsonObject[], names: OwnNames): readonly JsonObject[] {
  return [...theirs.map(withoutOutputSchema), ...ownTools(names)];
}

function withoutOutputSchema({ outputSchema, execution, ...tool }: JsonObject): JsonObject {
  const description = typeof tool.description === 'string' ? `${tool.description} (${MAY_TAKE_LONG})` : MAY_TAKE_LONG;
  return { ...tool, description, execution: { taskSupport: 'optional' } };
}

const ID = { type: 'string', description: 'The task id, as a tool gave it' };

function ownTools({ wait, list, cancel, answer }: OwnNames): readonly JsonObject[] {
  return [
    {
      name: wait,
      title: 'Wait for a task',
      description: 'Waits for a running task and returns its result, or reports that it still runs.',
      inputSchema: {
        type: 'object',
        properties: { id: ID, seconds: { type: 'number', description: 'How long to wait at most' } },
        required: ['id'],
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    {
      name: list,
      title: 'List tasks',
      description: 'Tasks that still run, and results that were not delivered yet, also of earlier sessions.',
      inputSchema: { type: 'object', properties: {} },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    {
      name: cancel,
      title: 'Cancel a task',
      description: 'Asks the server to stop a task. Only when the user wants it stopped.',
      inputSchema: { type: 'object', properties: { id: ID }, required: ['id'] },
      annotations: { destructiveHint: true, openWorldHint: false },
    },
    ...(answer === undefined ? [] : [answerTool(answer)]),
  ];
}

function answerTool(name: string): JsonObject {
  return {
    name,
    title: 'Answer a task',
    description: 'Answers the question of a task, or declines it. The answer counts as the decision of the user.',
    inputSchema: {
      type: 'object',
      properties: {
        id: ID,
        content: { type: 'object', description: 'The fields of the answer, by the schema of the question' },
        decline: { type: 'boolean', description: 'Decline instead of answering' },
        question: { type: 'string', description: 'The key of the question, if the task has several' },
      },
      required: ['id'],
    },
    annotations: { destructiveHint: true, openWorldHint: true },
  };
}
