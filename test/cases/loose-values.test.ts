import { expect, test } from 'vitest';
import { caseOf, freshHome, run } from './support.ts';

const texts = ['target=Heading', 'either=abc', 'any=hi', 'far=hi'];

test.each(texts)('a value that is not JSON is sent as a string if the schema may allow one: --arg %s', async (pair) => {
  const [name = '', value] = pair.split('=');
  const { stdout, code } = await run(['call', 't', '--arg', pair, ...caseOf('arguments-of-several-types')], {
    home: freshHome(),
  });
  expect({ stdout: JSON.parse(stdout), code }).toEqual({ stdout: { [name]: value }, code: 0 });
});

test.each([
  ['either=7', { either: 7 }],
  ['target=["a","b"]', { target: ['a', 'b'] }],
  ['any={"a":1}', { any: { a: 1 } }],
])('a value that is JSON is sent as JSON to the same arguments: --arg %s', async (pair, sent) => {
  const { stdout } = await run(['call', 't', '--arg', pair, ...caseOf('arguments-of-several-types')], {
    home: freshHome(),
  });
  expect(JSON.parse(stdout)).toEqual(sent);
});

test('content that is a string is shown unchanged', async () => {
  const { stdout, code } = await run(['call', 'echo', ...caseOf('content-is-a-string')], { home: freshHome() });
  expect({ stdout, code }).toEqual({ stdout: 'plain words\n', code: 0 });
});

test('a tool without a name is not listed', async () => {
  const { stdout, code } = await run(['tools', ...caseOf('content-is-a-string')], { home: freshHome() });
  expect(code).toBe(0);
  expect(stdout).toContain('echo');
  expect(stdout).not.toMatch(/undefined|without a name/);
});
