import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NODE_24, spawnDemo } from '../demo/support.ts';

const programs = resolve(import.meta.dirname, 'programs');

test.each([
  ['AI SDK', 'transport-ai-sdk.mjs'],
  ['LangChain', 'transport-langchain.mjs'],
])('an agent on %s calls a task with two questions over our transport as it calls any tool', async (_, program) => {
  const demo = await spawnDemo({ speed: 0.1 });
  onTestFinished(() => demo.kill());
  const { stdout, stderr } = spawnSync(NODE_24, [resolve(programs, program), demo.url], { encoding: 'utf8' });
  expect(stderr.replace(/^.*(Warning|--trace-warnings).*\n/gm, '')).toBe('');
  const printed = JSON.parse(stdout);
  expect(printed).toMatchObject({ asked: 2, records: 1 });
  expect(JSON.stringify(printed.result)).toContain('rolling');
});
