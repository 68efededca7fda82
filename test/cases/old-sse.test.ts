import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { startCase } from './start-case.ts';

test('a server that refuses POST is reached over HTTP+SSE', async () => {
  const url = `${await startCase('old-sse.mjs')}/sse`;
  expect(await run(['call', url, 'echo'], { home: freshHome() })).toMatchObject({ code: 0, stdout: 'hello\n' });
});

test('a server of type "sse" in a configuration file is reached over HTTP+SSE', async () => {
  const home = freshHome();
  const url = `${await startCase('old-sse.mjs')}/sse`;
  writeFileSync(join(home, 'mine.json'), JSON.stringify({ mcpServers: { old: { type: 'sse', url } } }));
  const args = ['call', 'mine.json:old', 'echo', '--allow-project'];
  expect(await run(args, { home })).toMatchObject({ code: 0, stdout: 'hello\n' });
});
