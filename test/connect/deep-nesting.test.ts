import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';

const SERVER = fileURLToPath(new URL('deep-server.mjs', import.meta.url));
const TOO_DEEP = 'nested ';

test.each([
  ['the handshake', 'initialize', 1, TOO_DEEP],
  ['the schema of a tool', 'schema', 4, TOO_DEEP],
  ['a tool', 'tool', 4, TOO_DEEP],
  ['a result', 'result', 8, TOO_DEEP],
  ['the data of an error', 'error', 1, '-32000: no room'],
])(
  `${verifies(['S5', 'X3'], 'a value nested 100,000 levels deep is one clear error, in')} %s`,
  async (_, place, code, reason) => {
    const done = await run(['call', 't', '--', process.execPath, SERVER, place], { home: freshHome() });
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code, stderr: expect.stringContaining(reason) });
    expect(done.stderr).not.toMatch(/call stack|did not start/);
  },
);

test('a server request nested too deep is refused, a notification is dropped, and the call gets its result', async () => {
  for (const [place, text] of [
    ['request', 'got -32602\n'],
    ['notification', 'hi\n'],
  ] as const) {
    const args = ['call', 't', '--verbose', '--', process.execPath, SERVER, place];
    expect(await run(args, { home: freshHome() })).toMatchObject({ code: 0, stdout: text });
  }
});
