import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Target } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** With its text form of a third more, what a message may have. */
const MOST_BYTES = 45 * 1024 * 1024;

/** An agent takes files as they are; a tool takes the text in them. */
export function takesFiles(target: Target): boolean {
  return target.kind === 'url' && target.protocol !== undefined;
}

/**
 * `file=@path` as the path and the SHA-256 of what stands there now: this is what a record keeps. Undefined for another
 * pair. @throws {CliError} `arguments-invalid`
 */
export async function fileArgument(pair: string, flag: string, context: Context): Promise<string | undefined> {
  const [, given] = /^file=@(.+)$/s.exec(pair) ?? [];
  if (given === undefined) return undefined;
  const path = resolve(context.cwd, given);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new CliError('arguments-invalid', `${flag} file: the file ${given} ${why}; nothing was sent`);
  });
  if (bytes.length > MOST_BYTES) {
    throw new CliError('arguments-invalid', `${flag} file: ${given} is larger than 45 MB; nothing was sent`);
  }
  return `file:=${JSON.stringify({ path, sha256: createHash('sha256').update(bytes).digest('hex') })}`;
}
