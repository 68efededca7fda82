import { isJsonObject, type JsonObject } from '@mcp-tasks/client';
import { describeFormat } from '@mcp-tasks/client/schema';
import type { FieldType } from './field.ts';
import { mayBeText } from './may-be-text.ts';

/** Describes the allowed values, for the line under the field. */
export function fieldLimits(schema: JsonObject, type: FieldType): string | undefined {
  if (type === 'string') {
    const parts = [
      typeof schema.format === 'string' ? describeFormat(schema.format) : undefined,
      range(schema.minLength, schema.maxLength, 'characters'),
      typeof schema.pattern === 'string' ? `matching ${schema.pattern}` : undefined,
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(', ');
  }
  if (type === 'number' || type === 'integer') {
    const kind = type === 'integer' ? 'a whole number' : 'a number';
    const bounds = numberRange(schema);
    return bounds === undefined ? kind : `${kind}, ${bounds}`;
  }
  if (type === 'multi-choice') return range(schema.minItems, schema.maxItems, 'choices');
  return type === 'json' ? jsonLimits(schema) : undefined;
}

function jsonLimits(schema: JsonObject): string {
  const kind = typedItems(schema);
  if (kind === undefined) return mayBeText(schema) ? 'text or JSON' : 'JSON';
  const list = kind === 'texts' ? 'a list, with commas between' : 'a list of numbers, with commas between';
  const count = range(schema.minItems, schema.maxItems, 'of them');
  return count === undefined ? list : `${list}, ${count}`;
}

/** Item type of a list that can be typed as `a, b`; undefined if it needs JSON. */
export function typedItems({ type, items }: JsonObject): 'texts' | 'numbers' | undefined {
  if (type !== 'array' || !isJsonObject(items)) return undefined;
  if (items.type === 'string') return 'texts';
  return items.type === 'number' || items.type === 'integer' ? 'numbers' : undefined;
}

function numberRange({ minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below }: JsonObject) {
  const isAbove = typeof above === 'number' && !(typeof minimum === 'number' && minimum > above);
  const isBelow = typeof below === 'number' && !(typeof maximum === 'number' && maximum < below);
  if (!isAbove && !isBelow) return range(minimum, maximum, '');
  const low = isAbove ? `more than ${above}` : range(minimum, undefined, '');
  const high = isBelow ? `less than ${below}` : range(undefined, maximum, '');
  return [low, high].filter((part) => part !== undefined).join(', ');
}

function range(low: unknown, high: unknown, unit: string): string | undefined {
  const suffix = unit === '' ? '' : ` ${unit}`;
  const hasLow = typeof low === 'number' && !(unit !== '' && low <= 0);
  if (hasLow && typeof high === 'number') {
    return low === high ? `exactly ${low}${suffix}` : `${low} to ${high}${suffix}`;
  }
  if (hasLow) return `at least ${low}${suffix}`;
  return typeof high === 'number' ? `at most ${high}${suffix}` : undefined;
}
