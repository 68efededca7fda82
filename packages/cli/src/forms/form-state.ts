import { isJsonObject, type JsonObject, type JsonValue, own } from '@mcp-tasks/client';
import { placeValues } from './content.ts';
import { createForm } from './create-form.ts';
import type { Field, FieldError, FieldReading } from './field.ts';
import { checkField, readField } from './read-field.ts';
import { createTextInput, type TextInput } from './text-input.ts';
import { validateContent } from './validate-content.ts';

/** `chosen` is an index into the options, or -1 without a choice. */
export type FieldInput =
  | { readonly kind: 'text'; readonly input: TextInput }
  | { readonly kind: 'choice'; readonly chosen: number }
  | { readonly kind: 'multi-choice'; readonly chosen: readonly number[]; readonly cursor: number };

export type Choice = 'accept' | 'decline' | 'cancel' | 'call';

/** Decision of the person. `cancel` and `decline` contain no content. */
export type Submission =
  | { readonly choice: 'accept' | 'call'; readonly content: JsonObject }
  | { readonly choice: 'decline' | 'cancel' };

export interface FormState {
  readonly schema: JsonObject;
  readonly fields: readonly Field[];
  readonly inputs: readonly FieldInput[];
  readonly focus: number;
  /** Errors by the field's key; under the empty key, those of the whole form. */
  readonly errors: Readonly<Record<string, string>>;
  /** Rules that only the server can check, for the review. */
  readonly unchecked: readonly FieldError[];
  readonly step: 'fields' | 'review';
  readonly choices: readonly Choice[];
  /** Index of the marked choice of the review; -1 for none, so that an extra Enter decides nothing. */
  readonly marked: number;
  readonly submission: Submission | null;
}

const BOOLEAN_OPTIONS = [
  { value: true, title: 'yes' },
  { value: false, title: 'no' },
] as const;

export const ANSWER_CHOICES: readonly Choice[] = ['accept', 'decline', 'cancel'];
export const CALL_CHOICES: readonly Choice[] = ['call'];

/**
 * Initial state of a form: filled with `given`, or the defaults. A form without fields starts at its choices; a
 * question marks none of them.
 */
export function createFormState(schema: JsonObject, choices: readonly Choice[], given?: JsonObject): FormState {
  const form = createForm(schema);
  const fields = form.kind === 'fields' ? form.fields : [jsonField(schema)];
  const isCall = choices.length === 1;
  return {
    schema,
    fields: fields.map((field) => (field.type === 'boolean' ? { ...field, options: BOOLEAN_OPTIONS } : field)),
    inputs: fields.map((field) => inputOf(given === undefined ? field : { ...field, default: valueAt(given, field) })),
    focus: 0,
    errors: {},
    unchecked: [],
    step: fields.length === 0 ? 'review' : 'fields',
    choices,
    marked: isCall ? 0 : -1,
    submission: null,
  };
}

function valueAt(given: JsonObject, { path }: Field): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, key) => (isJsonObject(value) ? own(value, String(key)) : undefined),
    given,
  );
}

function jsonField(schema: JsonObject): Field {
  return {
    path: [],
    key: '',
    title: typeof schema.title === 'string' ? schema.title : 'JSON',
    description: typeof schema.description === 'string' ? schema.description : undefined,
    type: 'json',
    required: true,
    default: schema.default ?? {},
    options: [],
    limits: 'a JSON object',
    schema,
  };
}

function inputOf(field: Field): FieldInput {
  const same = (value: JsonValue) => (option: { readonly value: JsonValue }) =>
    JSON.stringify(option.value) === JSON.stringify(value);
  const preset = field.default;
  if (field.type === 'boolean') {
    return { kind: 'choice', chosen: preset === undefined ? -1 : BOOLEAN_OPTIONS.findIndex(same(preset)) };
  }
  if (field.type === 'choice') {
    return { kind: 'choice', chosen: preset === undefined ? -1 : field.options.findIndex(same(preset)) };
  }
  if (field.type === 'multi-choice') {
    const presets = Array.isArray(preset) ? (preset as readonly JsonValue[]) : [];
    const chosen = presets.map((value) => field.options.findIndex(same(value))).filter((at) => at >= 0);
    return { kind: 'multi-choice', chosen, cursor: 0 };
  }
  if (preset === undefined || preset === null) return { kind: 'text', input: createTextInput() };
  const isPlain = typeof preset === 'string' && field.type !== 'json';
  if (isPlain) return { kind: 'text', input: createTextInput(preset) };
  // Indent a whole document over several lines; a nested field stays on one line.
  const spaces = field.path.length === 0 ? 2 : undefined;
  return { kind: 'text', input: createTextInput(JSON.stringify(preset, null, spaces)) };
}

/** Reads a field's current value, as it would be sent. */
export function readInput(field: Field, input: FieldInput): FieldReading {
  if (input.kind === 'text') return readField(field, input.input.text);
  if (input.kind === 'choice') return checkField(field, field.options[input.chosen]?.value);
  if (input.chosen.length === 0 && !field.required) return { ok: true, value: undefined };
  const values = [...input.chosen].sort((a, b) => a - b).map((at) => field.options[at]?.value ?? null);
  return checkField(field, values);
}

export interface FormReading {
  readonly content: JsonObject;
  readonly errors: Readonly<Record<string, string>>;
  readonly unchecked: readonly FieldError[];
}

/** Reads and checks the whole form, with errors by field. */
export function readForm(state: FormState): FormReading {
  const readings = state.fields.map((field, at) => {
    const input = state.inputs[at];
    return { field, reading: input === undefined ? checkField(field, undefined) : readInput(field, input) };
  });
  const content = contentOf(readings);
  const own = readings.flatMap(({ field, reading }) => (reading.ok ? [] : [[field.key, reading.message] as const]));
  if (own.length > 0) return { content, errors: Object.fromEntries(own), unchecked: [] };
  const checked = validateContent(state.schema, content);
  if (checked.ok) return { content, errors: {}, unchecked: checked.unchecked ?? [] };
  return { content, errors: Object.fromEntries(wholeErrors(state, checked.errors)), unchecked: [] };
}

function contentOf(readings: readonly { readonly field: Field; readonly reading: FieldReading }[]): JsonObject {
  const [only] = readings;
  if (only !== undefined && only.field.path.length === 0) {
    return only.reading.ok ? ((only.reading.value ?? {}) as JsonObject) : {};
  }
  return placeValues(
    readings.map(({ field, reading }) => ({ path: field.path, value: reading.ok ? reading.value : undefined })),
  );
}

/** Assigns errors between fields to the named field, or else to the form. */
function wholeErrors(state: FormState, errors: readonly FieldError[]): readonly (readonly [string, string])[] {
  return errors.map(({ path, message }) => {
    const at = state.fields.find((field) => path === field.key || path.startsWith(`${field.key}.`));
    const within = at === undefined ? path : path.slice(at.key.length + 1);
    return [at?.key ?? '', within === '' ? message : `${within} ${message}`];
  });
}
