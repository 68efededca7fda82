import { isJsonObject, type JsonObject, type ToolDescription } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { personTerminal } from '../../context.ts';
import type { Session } from '../../session/session.ts';
import { createTerminalPrograms } from '../../session/terminal-programs.ts';
import type { CallFlags } from './call-flags.ts';

/**
 * `--edit`: returns the arguments as edited JSON. The editor opens with those of the flags, or a template of the
 * schema.
 */
export async function editArguments(session: Session<CallFlags>, tool: ToolDescription): Promise<CallFlags> {
  const { context, flags } = session;
  if (flags.edit !== true) return flags;
  if (personTerminal(context, flags) === undefined)
    throw new CliError(
      'usage',
      '--edit needs a terminal',
      'Without one: --args @file, or --args - for standard input.',
    );
  if (flags.arg !== undefined)
    throw new CliError('usage', '--edit and --arg exclude each other', 'Give --edit with --args, or --arg alone.');
  const text = flags.args ?? JSON.stringify(templateOf(tool), null, 2);
  return { ...flags, args: await createTerminalPrograms(context).edit(text, 'json') };
}

/** Template: default values, and placeholders for the required arguments. */
function templateOf({ inputSchema }: ToolDescription): JsonObject {
  const { properties, required } = inputSchema;
  if (!isJsonObject(properties)) return {};
  const wanted: readonly unknown[] = Array.isArray(required) ? required : [];
  const entries = Object.entries(properties).flatMap(([name, schema]) => {
    const preset = isJsonObject(schema) ? schema.default : undefined;
    return preset !== undefined || wanted.includes(name) ? [[name, preset ?? ''] as const] : [];
  });
  return Object.fromEntries(entries);
}
