import { isJsonObject, type JsonValue, type ToolDescription } from '@mcp-tasks/client';
import { createForm } from '../forms/create-form.ts';
import type { Field } from '../forms/field.ts';
import { safeText } from './safe-text.ts';

const SUPPORT = {
  forbidden: 'never: the call returns its result directly, however long it takes',
  optional: 'the server decides per call',
  required: 'always',
} as const;

/** Description of one tool: arguments with types, choices and defaults, and hints. */
export function toolDetail(tool: ToolDescription): string {
  const form = createForm(tool.inputSchema);
  const rows: (readonly [string, string | undefined])[] = [
    ['tool', tool.name],
    ['title', tool.title],
    ['becomes task', SUPPORT[tool.taskSupport]],
    ['hints', hintsOf(tool)],
    ['returns', isJsonObject(tool.outputSchema) ? fieldNames(tool.outputSchema) : undefined],
  ];
  const head = rows
    .filter((row): row is readonly [string, string] => row[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(13)}  ${safeText(value)}`);
  const about = tool.description === undefined ? [] : ['', safeText(tool.description, { multiline: true })];
  if (form.kind === 'json') {
    return [...head, ...about, '', 'arguments', indented(JSON.stringify(tool.inputSchema, null, 2))].join('\n');
  }
  if (form.fields.length === 0) return [...head, ...about, '', 'no arguments'].join('\n');
  return [...head, ...about, '', 'arguments', ...form.fields.flatMap(fieldLines)].join('\n');
}

/** `  version  string, required, default "2.4.0": Version to release` */
function fieldLines(field: Field): readonly string[] {
  const facts = [typeOf(field), field.required ? 'required' : '', field.format ?? '', field.limits ?? ''];
  const given = field.default === undefined ? '' : `default ${JSON.stringify(field.default)}`;
  const shownFacts = [...facts, given].filter((fact) => fact !== '').map((fact) => safeText(fact, { maxLength: 200 }));
  const about = field.description === undefined ? '' : `: ${safeText(field.description)}`;
  const options = field.options.map(optionText).join(', ');
  return [
    `  ${safeText(field.key)}  ${shownFacts.join(', ')}${about}`,
    ...(options === '' ? [] : [`    ${isMany(field) ? 'any of' : 'one of'} ${safeText(options)}`]),
  ];
}

function isMany(field: Field): boolean {
  return field.type === 'multi-choice';
}

function optionText({ value, title }: { readonly value: JsonValue; readonly title: string }): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return title === '' || title === text ? text : `${text} (${title})`;
}

function typeOf(field: Field): string {
  if (field.type === 'choice') return 'choice';
  if (field.type === 'multi-choice') return 'list of choices';
  if (field.type !== 'json') return field.type;
  const { type } = field.schema;
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'JSON';
}

function fieldNames(schema: ToolDescription['inputSchema']): string | undefined {
  const names = isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
  return names.length === 0 ? undefined : `data: ${names.join(', ')}`;
}

const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
const HINT_LABELS: Readonly<Record<(typeof HINTS)[number], readonly [string, string]>> = {
  readOnlyHint: ['only reads', 'changes things'],
  destructiveHint: ['may destroy', 'destroys nothing'],
  idempotentHint: ['idempotent', 'not idempotent'],
  openWorldHint: ['reaches outside', 'stays inside'],
};

/** Hints as the server claims them, unchecked. */
function hintsOf({ annotations = {} }: ToolDescription): string | undefined {
  const hints = HINTS.flatMap((hint) => {
    const value = Object.hasOwn(annotations, hint) ? annotations[hint] : undefined;
    return typeof value === 'boolean' ? [HINT_LABELS[hint][value ? 0 : 1]] : [];
  });
  return hints.length === 0 ? undefined : `${hints.join(', ')} (says the server)`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
