import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';

/** A home whose state directory every user can write to. */
function createOpenHome(): { readonly home: string; readonly state: string } {
  const home = freshHome();
  const state = join(home, 'state');
  mkdirSync(state);
  chmodSync(state, 0o777);
  return { home, state };
}

const REFUSAL = 'can be written by every user of this machine';

test.each([
  ['tools', 'demo'],
  ['call', 'demo', 'hello'],
  ['watch', 'demo', '--no-ui'],
  ['list'],
  ['tools', 'https://127.0.0.1:9/mcp'],
  ['keepers'],
  ['logout', '--all'],
  ['allow', '.mcp.json'],
  ['allow'],
  ['servers'],
  ['bridge', 'demo', '--http'],
  ['bridge', 'status'],
])(
  `${verifies('S9', 'a state directory that others can write to is refused, and nothing is written to it:')} %s %s`,
  async (...words) => {
    const { home, state } = createOpenHome();
    writeFileSync(join(home, '.mcp.json'), JSON.stringify({ mcpServers: { own: { command: 'node' } } }));
    const { code, stderr } = await run(words, { home });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(REFUSAL) });
    expect(stderr).toContain('chmod go-w');
    expect(readdirSync(state)).toEqual([]);
  },
);

test(verifies(['S2', 'S9'], "another user's confirmation starts no program of a project's file"), async () => {
  const { home, state } = createOpenHome();
  const mark = join(home, 'started');
  const entry = { command: 'node', args: ['-e', `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`] };
  const path = join(home, '.mcp.json');
  writeFileSync(path, JSON.stringify({ mcpServers: { own: entry } }));
  const sorted = JSON.stringify({ args: entry.args, command: entry.command });
  const sha256 = createHash('sha256').update(sorted).digest('hex');
  writeFileSync(join(state, 'allowed.json'), JSON.stringify({ version: 1, entries: [{ path, name: 'own', sha256 }] }));
  for (const words of [['servers'], ['tools', 'own'], ['doctor', 'own']]) await run(words, { home });
  expect(existsSync(mark)).toBe(false);
  // In a private state directory, the same file confirms the entry.
  chmodSync(state, 0o700);
  await run(['tools', 'own'], { home });
  expect(existsSync(mark)).toBe(true);
});

test('if others can write to the state directory, completion prints nothing, and doctor shows the reason', async () => {
  const { home } = createOpenHome();
  expect(await run(['__complete', 'wait', ''], { home })).toEqual({ code: 0, stdout: '', stderr: '' });
  const { stdout, stderr } = await run(['doctor', 'http://127.0.0.1:9/mcp'], { home });
  expect(stdout + stderr).toContain(REFUSAL);
});
