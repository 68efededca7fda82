import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { countRequests, type Demo, freshHome, idOf, run, serveDemo } from './support.ts';

const home = freshHome();
let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(home);
});
afterAll(() => demo.stop());

test('an invalid flag is a usage error, and the hint shows the correct form', async () => {
  const stderr = 'error: "=x" is not a variable\nWrite --env NAME=value.\n';
  expect(await run(['tools', '--env', '=x', '--', 'node'], { home })).toEqual({ code: 2, stdout: '', stderr });
});

test('arguments and answers that are not JSON objects are refused with an example, and nothing is sent', async () => {
  await run(['call', demo.url, 'release', '--arg', 'version=2.4.0'], { home });
  const id = await idOf(home, 'release');
  const answers = countRequests(demo.store, 'tasks/update');
  const calls = countRequests(demo.store, 'tools/call');
  // A busy machine reports a slow connection before the error.
  const cases = [
    [['answer', id, '--json', '{"approve":'], /^{"error":{"code":"answer-invalid","message":"--json is not JSON: /],
    [
      ['call', demo.url, 'echo', '--args', '{"text":'],
      /^(?:Connecting to .*\n)?error: --args is not JSON: .*\nFor example: --args '{/,
    ],
    [['call', demo.url, 'echo', '--args', '["text"]'], /^(?:Connecting to .*\n)?error: --args must be a JSON object\n/],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await run(args, { home });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  }
  expect(countRequests(demo.store, 'tasks/update')).toBe(answers);
  expect(countRequests(demo.store, 'tools/call')).toBe(calls);
});

test('the error for an ambiguous id prefix lists at most five tasks', async () => {
  const full = freshHome();
  const store = await openSqliteStore({ directory: join(full, 'state') });
  for (const id of ['aaa2', 'aab2', 'aac2', 'aad2', 'aae2', 'aaf2']) await store.create(sampleRecord({ id }));
  for (const id of ['bba2', 'bbb2']) await store.create(sampleRecord({ id, tool: 'report' }));
  await store.close();
  expect(await run(['get', 'bb'], { home: full })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: bb fits 2 tasks\nIt could be bba2 (report), bbb2 (report).\n',
  });
  const { stderr } = await run(['forget', 'aa'], { home: full });
  expect(stderr).toMatch(
    /^error: aa fits 6 tasks\nIt could be (aa[a-f]2 \(deploy\), ){4}aa[a-f]2 \(deploy\) and others\.\n$/,
  );
  expect(JSON.parse((await run(['list', '--json'], { home: full })).stdout).tasks).toHaveLength(8);
});
