import { closeSync, openSync, rmSync } from 'node:fs';
import { createCredentialLock } from '../../packages/cli/src/auth/credential-lock.ts';
import { processClock } from '../../packages/cli/src/process-clock.ts';

/** Longer than the pause between two tries: each waiting process tries meanwhile. */
const WORK_MS = 300;

const [role, path = '', working = ''] = process.argv.slice(2);
const lock = createCredentialLock(path, processClock);

/** Marks the work by a file of which there can be only one. */
async function work(): Promise<'alone' | 'not alone'> {
  try {
    closeSync(openSync(working, 'wx'));
  } catch {
    return 'not alone';
  }
  await new Promise((resolve) => setTimeout(resolve, WORK_MS));
  rmSync(working);
  return 'alone';
}

if (role === 'wait') console.log('waits');
await lock.hold();
if (role === 'wait') {
  console.log(await work());
  lock.release();
} else {
  console.log('holds');
  setInterval(() => undefined, 60_000);
}
