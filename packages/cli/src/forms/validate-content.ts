import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { checkSchema, type SchemaReport } from '@mcp-tasks/client/schema';
import type { ContentReading, FieldError } from './field.ts';

/** Checks content against a server's schema; returns one error message per place. */
export function validateContent(schema: JsonObject, content: JsonValue): ContentReading {
  if (!isJsonObject(content)) return { ok: false, errors: [{ path: '', message: 'must be a JSON object' }] };
  const report = checkSchema(schema, content);
  if (report.kind === 'misfits') return { ok: false, errors: onePerPlace(report) };
  const unchecked = report.kind === 'unchecked' ? onePerPlace(report) : [];
  return unchecked.length === 0 ? { ok: true, content } : { ok: true, content, unchecked };
}

/** Errors of an answer. Rules that cannot be checked here are left to the server. */
export function schemaErrors(schema: JsonObject, value: JsonValue): readonly FieldError[] {
  const report = checkSchema(schema, value);
  return report.kind === 'misfits' ? onePerPlace(report) : [];
}

function onePerPlace(report: Exclude<SchemaReport, { kind: 'fits' }>): readonly FieldError[] {
  const found = report.kind === 'misfits' ? report.problems : report.reasons;
  const byPath = new Map<string, FieldError>();
  for (const { path: pointer, message } of found) {
    const path = pathOf(pointer);
    if (!byPath.has(path)) byPath.set(path, { path, message });
  }
  return [...byPath.values()];
}

/** Converts the JSON pointer `/a/b` into `a.b`. */
function pathOf(pointer: string): string {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}
