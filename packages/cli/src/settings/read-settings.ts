import { readFileSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import { configPath } from '../config-path.ts';
import type { Context } from '../context.ts';
import { shortPath } from '../targets/short-path.ts';
import type { Settings } from './settings.ts';

const REMEDY =
  'Correct it there, or move the file away: every part of it may be left out. What it can hold: mcp-tasks help config';

/**
 * Empty when the file is missing. @throws {CliError} `configuration-invalid`, naming the file and each invalid place
 */
export async function readSettings(context: Context): Promise<Settings> {
  const path = configPath(context, 'config.json');
  const bytes = readIfExists(path);
  if (bytes === undefined) return {};
  const file = { path, host: 'mcp-tasks', owner: 'person', directory: context.cwd, format: 'json' } as const;
  const { parseConfiguration } = await import('../targets/parse-configuration.ts');
  const parsed = await parseConfiguration(file, bytes).catch((error: CliError) => {
    throw new CliError(error.code, error.message, REMEDY);
  });
  const { settingsFile } = await import('./settings-schema.ts');
  const checked = settingsFile.safeParse(parsed);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => {
    const { path: place, message } = issue;
    const where = place.length === 0 ? 'the file' : place.join('.');
    // For an invalid name, the schema's message is in the inner issue.
    return `${where}: ${issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? message) : message}`;
  });
  throw new CliError('configuration-invalid', `${shortPath(file, context)}: ${problems.join('; ')}`, REMEDY);
}

/** Runs at every start: the schema is loaded only when the file exists. */
function readIfExists(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError('configuration-invalid', `${path} cannot be read: ${code ?? message}`, REMEDY);
  }
}
