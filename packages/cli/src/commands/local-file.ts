import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Target } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** Maximum file size: base64 adds a third, up to the limit of a message. */
const MOST_BYTES = 45 * 1024 * 1024;

/** A2A agents receive the file itself; tools receive its text. */
export function takesFiles(target: Target): boolean {
  return target.kind === 'url' && target.protocol !== undefined;
}

/**
 * Parses `file=@path` into the path and the file's current SHA-256, which the record stores. Undefined for any other
 * pair. @throws {CliError} `arguments-invalid`
 */
export async function fileArgument(pair: string, flag: string, context: Context): Promise<string | undefined> {
  const [, given] = /^file=@(.+)$/s.exec(pair) ?? [];
  if (given === undefined) return undefined;
  const path = resolve(context.cwd, given);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new CliError('arguments-invalid', `${flag} file: ${given} ${why}; nothing was sent`, 'Check the path.');
  });
  if (bytes.length > MOST_BYTES) {
    throw new CliError(
      'arguments-invalid',
      `${flag} file: ${given} is larger than 45 MB; nothing was sent`,
      'Give a URL of it.',
    );
  }
  return `file:=${JSON.stringify({ path, sha256: createHash('sha256').update(bytes).digest('hex') })}`;
}
