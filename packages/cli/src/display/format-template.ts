import { isJsonObject, type JsonValue } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { safeText } from './safe-text.ts';

const FIELD = /\{([\w.]+)\}/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\n': '\n', '\\\\': '\\' };

/**
 * Replaces `{id}` or `{task.status}` by fields of a JSON document, looked up in the document first, then in its `task`.
 */
export function formatTemplate(template: string, document: JsonValue): string {
  const text = template.replace(/\\[tn\\]/g, (pair) => ESCAPES[pair] ?? pair);
  return text.replace(FIELD, (_field, path: string) => {
    const own = valueAt(document, path.split('.'));
    const value = own === undefined ? valueAt(document, ['task', ...path.split('.')]) : own;
    if (value === undefined) throw unknownField(path, document);
    return safeText(value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  });
}

function valueAt(document: JsonValue, path: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = document;
  for (const step of path) at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : at === null ? null : undefined;
  return at;
}

function unknownField(path: string, document: JsonValue): CliError {
  const task = isJsonObject(document) && isJsonObject(document.task) ? Object.keys(document.task) : [];
  return new CliError('usage', `--format: there is no field {${path}}`, `There is ${task.join(', ')}, outcome.status.`);
}
