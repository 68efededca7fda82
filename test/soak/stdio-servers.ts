import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './server-process.ts';

/**
 * Live stdio servers, by the pid files in this folder. Removes files whose pid is gone or reused, so that no other
 * program is killed.
 */
export function livingStdioServers(pidDirectory: string): readonly number[] {
  return readdirSync(pidDirectory)
    .map(Number)
    .filter((pid) => {
      if (isAlive(pid) && isOurs(pid, pidDirectory)) return true;
      rmSync(join(pidDirectory, String(pid)), { force: true });
      return false;
    });
}

function isOurs(pid: number, pidDirectory: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(pidDirectory);
  } catch {
    return false; // the process ended meanwhile
  }
}
