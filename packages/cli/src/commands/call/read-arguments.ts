import { isJsonObject, type JsonObject, type ServerIdentity, type ToolDescription } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { uncheckedLine } from '../../display/unchecked-line.ts';
import type { FieldError } from '../../forms/field.ts';
import { readAssignments } from '../../forms/read-assignments.ts';
import { parseJson } from '../../forms/read-field.ts';
import { validateContent } from '../../forms/validate-content.ts';
import type { Asker } from '../../session/ask-in-terminal.ts';

export interface ArgumentFlags {
  /** `k=v` or `k:=JSON`, repeatable. */
  readonly arg?: readonly string[] | undefined;
  /** All arguments as one JSON document. */
  readonly args?: string | undefined;
}

/** Reads the arguments and checks them against the tool's schema; at a terminal, a form asks for missing ones. */
export async function readArguments(
  flags: ArgumentFlags,
  server: ServerIdentity,
  tool: ToolDescription,
  asker: Asker | undefined,
  printNote: (line: string) => void = () => undefined,
): Promise<JsonObject> {
  const given = { ...readWhole(flags.args), ...readPairs(flags.arg ?? [], tool) };
  const checked = validateContent(tool.inputSchema, given);
  if (checked.ok) {
    if (checked.unchecked !== undefined) printNote(uncheckedLine(checked.unchecked));
    return checked.content;
  }
  const untouched = flags.args === undefined && (flags.arg ?? []).length === 0;
  if (untouched && asker !== undefined) return asker.fillIn(server, tool);
  throw argumentsError(tool, checked.errors);
}

const EXAMPLE = `For example: --args '{"name":"value"}'`;

function readWhole(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const parsed = parseJson(text);
  if (!parsed.ok) throw new CliError('arguments-invalid', `--args ${parsed.message}`, EXAMPLE);
  if (isJsonObject(parsed.value)) return parsed.value;
  throw new CliError('arguments-invalid', '--args must be a JSON object', EXAMPLE);
}

function readPairs(pairs: readonly string[], tool: ToolDescription): JsonObject {
  const reading = readAssignments(tool.inputSchema, pairs);
  if (reading.ok) return reading.content;
  throw argumentsError(tool, reading.errors);
}

function argumentsError(tool: ToolDescription, errors: readonly FieldError[]): CliError {
  const problems = errors.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const known = isJsonObject(tool.inputSchema.properties) ? Object.keys(tool.inputSchema.properties) : [];
  const hint =
    known.length === 0
      ? `${tool.name} takes no arguments.`
      : `${tool.name} takes ${known.join(', ')}; nothing was sent.`;
  return new CliError('arguments-invalid', `The arguments do not fit ${tool.name}: ${problems.join('; ')}`, hint);
}
