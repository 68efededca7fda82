import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { readText } from '../lenient.ts';

/** The only tool of an agent: send a message. Its skills are examples and cannot be called. */
export const SEND = 'send';

export function sendTool(card: JsonObject): JsonObject {
  const skills = Array.isArray(card.skills) ? card.skills.filter(isJsonObject) : [];
  const lines = [readText(card.description), ...skills.map(describeSkill)].filter((line) => line !== undefined);
  return {
    name: SEND,
    title: `Send a message to ${readText(card.name) ?? 'the agent'}`,
    description: lines.join('\n'),
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string', title: 'Message', description: 'What the agent should do, in words.' },
        data: { type: 'object', title: 'Data', description: 'JSON data for the agent.' },
        file: {
          type: 'object',
          title: 'File',
          description:
            'A file on this machine: its path and sha256. On the command line: file=@path. Its content is read when the message is sent.',
        },
        context: {
          type: 'string',
          title: 'Context',
          description:
            'The conversation to continue: its contextId, or on the command line the id of one of its tasks.',
        },
      },
      required: ['text'],
    },
  };
}

function describeSkill({ name, id, description, examples }: JsonObject): string | undefined {
  const called = readText(name) ?? readText(id);
  if (called === undefined) return undefined;
  const example = Array.isArray(examples) ? examples.find((each: JsonValue) => typeof each === 'string') : undefined;
  const about = readText(description);
  return `${called}${about === undefined ? '' : `: ${about}`}${example === undefined ? '' : ` (for example: ${example})`}`;
}
