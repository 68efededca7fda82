import { statSync } from 'node:fs';
import { TaskError } from '../../errors.ts';

const WRITABLE_BY_ALL = 0o002;

/**
 * Refuses a directory in which another user of this machine could write. Passes a missing directory, and every
 * directory on Windows, where user directories are private.
 * @throws {TaskError} `store-unsafe`, with the command that fixes it
 */
export function assertPrivateDirectory(directory: string): void {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const found = statOf(directory);
  if (found === undefined) return;
  const place = quoted(directory);
  if (found.uid !== uid) {
    throw new TaskError(
      'store-unsafe',
      `${directory} belongs to another user (${found.uid}), who could change the files in it`,
      {
        hint: `Change its owner: sudo chown -R "$(id -un)" ${place}; or set MCP_TASKS_HOME to a directory of your own.`,
      },
    );
  }
  if ((found.mode & WRITABLE_BY_ALL) === 0) return;
  throw new TaskError('store-unsafe', `${directory} can be written by every user of this machine`, {
    hint: `Remove that permission: chmod go-w ${place}; or set MCP_TASKS_HOME to a directory of your own.`,
  });
}

function statOf(directory: string): { readonly uid: number; readonly mode: number } | undefined {
  try {
    return statSync(directory);
  } catch {
    return undefined; // missing, or unreachable: opening it fails with the reason
  }
}

/** Quotes a text as one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
