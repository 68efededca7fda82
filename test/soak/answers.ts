import type { InputRequest, InputResponse, JsonObject, JsonValue } from '@mcp-tasks/client';
import type { Chance } from './chance.ts';

/** The answer of a person or model, with a unique mark where the schema allows one. */
export function makeAnswer(request: InputRequest, mark: string, chance: Chance): InputResponse {
  if (request.method === 'sampling/createMessage') {
    return { role: 'assistant', model: 'soak', content: { type: 'text', text: `A summary, ${mark}` } };
  }
  if (request.method !== 'elicitation/create') return {};
  const isFree = request.actions === undefined; // otherwise it can only be accepted
  if (isFree && chance.hits(0.06)) return { action: 'decline' };
  if (isFree && chance.hits(0.04)) return { action: 'cancel' };
  const schema = (request.params.requestedSchema ?? {}) as JsonObject;
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
  const content = Object.entries(properties).flatMap(([name, property]): [string, JsonValue][] => {
    const value = valueFor(property, mark, chance);
    return value === undefined ? [] : [[name, value]];
  });
  return { action: 'accept', content: Object.fromEntries(content) };
}

function valueFor(property: JsonObject, mark: string, chance: Chance): JsonValue | undefined {
  const choices = property.enum ?? (property.oneOf as JsonObject[] | undefined)?.map((choice) => choice.const ?? null);
  if (Array.isArray(choices)) return chance.oneOf(choices as JsonValue[]);
  switch (property.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.round(chance.between(Number(property.minimum ?? 0), Number(property.maximum ?? 9)));
    case 'array': {
      const items = (property.items ?? {}) as JsonObject;
      const choices = items.enum ?? (items.anyOf as JsonObject[] | undefined)?.map((item) => item.const ?? null);
      const [first] = (choices ?? []) as JsonValue[];
      return first === undefined ? [] : [first];
    }
    case 'string':
      if (property.format === 'email') return `${mark}@example.com`;
      return property.format === undefined ? mark : undefined;
    default:
      return undefined;
  }
}
