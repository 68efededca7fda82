import {
  type InputRequest,
  type InputResponse,
  isJsonObject,
  type JsonObject,
  kindOfQuestion,
} from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { safeText } from '../../display/safe-text.ts';
import { uncheckedLine } from '../../display/unchecked-line.ts';
import { defaultContent } from '../../forms/content.ts';
import type { FieldError } from '../../forms/field.ts';
import { readAssignments } from '../../forms/read-assignments.ts';
import { parseJson } from '../../forms/read-field.ts';
import { validateContent } from '../../forms/validate-content.ts';

export interface ResponseFlags {
  /** `k=v` pairs that accept the form; an empty value accepts its defaults. */
  readonly accept?: readonly string[];
  readonly decline?: boolean;
  readonly cancel?: boolean;
  /** The content, or the whole response, as JSON. */
  readonly content?: string;
}

/** Builds the response to one question from the flags. */
export function readResponse(
  flags: ResponseFlags,
  key: string,
  request: InputRequest,
  printNote: (line: string) => void,
): InputResponse {
  const choices = [flags.accept !== undefined, flags.decline === true, flags.cancel === true].filter(Boolean);
  if (choices.length > 1)
    throw new CliError('usage', 'Choose one of --accept, --decline and --cancel', 'Nothing was sent.');
  if (flags.decline === true) return { action: 'decline' };
  if (flags.cancel === true) return { action: 'cancel' };
  const given = readJson(flags.content);
  if (!['form', 'page'].includes(kindOfQuestion(request))) {
    if (given !== undefined) return given;
    throw new CliError(
      'answer-invalid',
      `${key} is ${request.method}, not a form`,
      "Give its whole answer: --json '{…}'",
    );
  }
  if (given !== undefined && typeof given.action === 'string' && flags.accept === undefined) return given;
  const schema = request.params.requestedSchema;
  if (!isJsonObject(schema)) return { action: 'accept' };
  return { action: 'accept', content: readContent(schema, flags.accept ?? [], given, key, printNote) };
}

function readContent(
  schema: JsonObject,
  pairs: readonly string[],
  given: JsonObject | undefined,
  key: string,
  printNote: (line: string) => void,
): JsonObject {
  const reading = readAssignments(schema, pairs);
  if (!reading.ok) throw contentError(key, reading.errors);
  // Add the defaults a form would prefill; a JSON document is sent unchanged.
  const defaults = given === undefined ? defaultContent(schema) : {};
  const checked = validateContent(schema, { ...defaults, ...given, ...reading.content });
  if (checked.ok) {
    if (checked.unchecked !== undefined) printNote(uncheckedLine(checked.unchecked));
    return checked.content;
  }
  throw contentError(key, checked.errors);
}

const EXAMPLE = `For example: --json '{"approve":true}'. Nothing was sent.`;

function readJson(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  if (!parsed.ok) throw new CliError('answer-invalid', `--json ${parsed.message}`, EXAMPLE);
  if (isJsonObject(parsed.value)) return parsed.value;
  throw new CliError('answer-invalid', '--json must be a JSON object', EXAMPLE);
}

function contentError(key: string, errors: readonly FieldError[]): CliError {
  const problems = errors.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  return new CliError(
    'answer-invalid',
    `The answer to "${safeText(key)}" does not fit: ${problems.join('; ')}`,
    'Nothing was sent.',
  );
}
