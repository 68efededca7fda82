import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER, readShared } from './shared-server.ts';

/** Runs before the first test of a run; the returned function runs after the last. */
export default function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-run-'));
  chmodSync(folder, 0o711); // the server runs as another user
  process.env[RUN_FOLDER] = folder;
  return async () => {
    const shared = readShared(folder);
    if (shared !== undefined) await stopProcess(shared.pid);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function stopProcess(pid: number): Promise<void> {
  for (let signal: NodeJS.Signals | 0 = 'SIGINT'; ; signal = 0) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
