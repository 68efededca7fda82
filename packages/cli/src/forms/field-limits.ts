import type { JsonObject } from '@mcp-tasks/client';
import type { FieldType } from './field.ts';

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'a URL',
  date: 'a date, YYYY-MM-DD',
  'date-time': 'a date and time, 2026-01-31T09:00:00Z',
  time: 'a time, 09:00:00Z',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
};

/** A format in words; the format's own name where we know no better. */
export function formatInWords(format: string): string {
  return FORMATS[format] ?? format;
}

/** What a field takes, in words, for the line under it. */
export function fieldLimits(schema: JsonObject, type: FieldType): string | undefined {
  if (type === 'string') {
    const parts = [
      typeof schema.format === 'string' ? formatInWords(schema.format) : undefined,
      range(schema.minLength, schema.maxLength, 'characters'),
      typeof schema.pattern === 'string' ? `matching ${schema.pattern}` : undefined,
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(', ');
  }
  if (type === 'number' || type === 'integer') {
    const kind = type === 'integer' ? 'a whole number' : 'a number';
    const bounds = range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum ?? schema.exclusiveMaximum, '');
    return bounds === undefined ? kind : `${kind}, ${bounds}`;
  }
  if (type === 'multi-choice') return range(schema.minItems, schema.maxItems, 'choices');
  return type === 'json' ? 'JSON' : undefined;
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
