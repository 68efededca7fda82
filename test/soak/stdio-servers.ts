import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './server-process.ts';

/**
 * The servers over stdio that live, by the files they left in this folder. The system gives pids again: a file whose
 * process is gone, or is another program by now, is removed, so that no stranger is killed.
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
    return false; // gone between the two looks
  }
}
