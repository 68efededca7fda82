import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

// The command itself, which says before it starts which process it is, so that it can be killed.
const [, script = '', pidDirectory = '', ...args] = process.argv;
writeFileSync(join(pidDirectory, String(process.pid)), '');
process.argv = [process.execPath, script, ...args];
await import(new URL('../../packages/cli/dist/bundle/bin.js', import.meta.url).href);
