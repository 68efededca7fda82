import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHAOS_HELP, parseChaos } from '../../packages/cli/src/demo/chaos.ts';
import { TOOLS_HELP } from '../../packages/cli/src/demo/help.ts';
import { createTools } from '../../packages/cli/src/demo/tools/index.ts';

const page = readFileSync(new URL('../../docs/demo.md', import.meta.url), 'utf8');

/** Table rows under this heading, without code quotes. */
function table(heading: string): readonly (readonly string[])[] {
  const [, after = ''] = page.split(new RegExp(`^\\| ${heading} +\\|.*\\n.*\\n`, 'm'));
  const [rows = ''] = after.split('\n\n');
  return rows.split('\n').map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}

test('docs/demo.md lists every tool in the order of the server, with its task support', () => {
  const tools = [...createTools(false).values()];
  expect(table('tool').map(([name, , support]) => [name, support])).toEqual(
    tools.map(({ name, taskSupport }) => [name, taskSupport]),
  );
});

test('the help lists every tool', () => {
  expect(TOOLS_HELP.map(([name]) => name).sort()).toEqual([...createTools(false).keys()].sort());
});

test('docs/demo.md lists every chaos setting as the help does, and each example is valid', () => {
  expect(table('`--chaos`')).toEqual(CHAOS_HELP.map((row) => [...row]));
  const parsed = parseChaos(CHAOS_HELP.map(([example]) => example).join(','));
  expect(parsed).toEqual({
    ok: true,
    chaos: {
      latencyMs: 200,
      dropEvery: 3,
      loseEvery: 3,
      throttleEvery: 4,
      unavailableEvery: 4,
      retryAfterSeconds: 7,
      expireAfterMs: 5000,
      slowAcknowledgeMs: 3000,
      pollHint: -5,
      escapes: true,
    },
  });
});

test('docs/demo.md lists every argument of mischief', () => {
  const schema = createTools(false).get('mischief')?.inputSchema;
  expect(
    table('argument')
      .map(([name]) => name)
      .sort(),
  ).toEqual(Object.keys(schema?.properties as object).sort());
});

test('every file that docs/demo.md names exists', () => {
  const named = table('file').flatMap(([cell = '']) => cell.split(', ').map((name) => name.replaceAll('`', '')));
  const source = new URL('../../packages/cli/src/demo/', import.meta.url);
  expect(named.filter((name) => !existsSync(new URL(name, source)))).toEqual([]);
  expect(named).toContain('task-host.ts');
});
