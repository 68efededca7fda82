import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Runs the command after writing its own pid, so that it can be killed.
const [, script = '', pidDirectory = '', ...args] = process.argv;
writeFileSync(join(pidDirectory, String(process.pid)), '');
process.argv = [process.execPath, script, ...args];
await import(new URL('../../packages/cli/dist/bundle/bin.cjs', import.meta.url).href);
