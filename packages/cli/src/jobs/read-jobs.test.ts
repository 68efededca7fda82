import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { presets } from '@mcp-tasks/client/jobs';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { jobsOf } from './jobs-of.ts';
import { jobsFile, jobsJsonSchema } from './jobs-schema.ts';
import { jobsPath, readJobs } from './read-jobs.ts';

function contextWith(text: string | undefined): Context {
  const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-jobs-'));
  const context = { env: {}, homeDirectory: home, cwd: home, platform: 'linux' } as unknown as Context;
  if (text === undefined) return context;
  mkdirSync(join(home, '.config', 'mcp-tasks'), { recursive: true });
  writeFileSync(jobsPath(context), text);
  return context;
}

const status = { tool: 'get', arguments: { id: '{id}' }, state: '/state', map: { completed: ['done'] } };

test('without a file the bundled mappings apply', async () => {
  const { of: jobs } = await jobsOf({ label: 'mine' }, contextWith(undefined));
  expect(jobs({ name: 'linear', version: '1' })).toEqual(presets.linear);
  expect(jobs({ name: 'constructor', version: '1' })).toEqual({});
});

test('mappings under the configured name win over the serverInfo name, and both over the bundled ones', async () => {
  const text = `{ // with comments
    "linear": { "issue": ${JSON.stringify({ status })}, "mine": ${JSON.stringify({ status })} },
    "work": { "mine": ${JSON.stringify({ status, pollIntervalMs: 1 })} },
  }`;
  const context = contextWith(text);
  const { of: jobs } = await jobsOf({ label: 'work' }, context);
  expect(jobs({ name: 'linear', version: '1' })).toEqual({ issue: { status }, mine: { status, pollIntervalMs: 1 } });
  const { of: typed } = await jobsOf({}, context);
  expect(typed({ name: 'linear', version: '1' })).toEqual({ issue: { status }, mine: { status } });
});

test.each<[string, string, string]>([
  ['no JSON', '{', 'is not JSON'],
  ['a mapping without a status', '{"a":{"b":{}}}', 'does not describe jobs'],
  ['an unknown key', JSON.stringify({ a: { b: { status, pol: 1 } } }), 'does not describe jobs'],
  [
    'an invalid JSON pointer',
    JSON.stringify({ a: { b: { status: { ...status, state: 'state' } } } }),
    'does not describe jobs',
  ],
])('%s is refused, and the error names the invalid place', async (_, text, words) => {
  await expect(readJobs(contextWith(text))).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining(words) as string,
  });
});

test('every bundled mapping is valid in jobs.json', () => {
  expect(jobsFile.safeParse(JSON.parse(JSON.stringify(presets))).error?.message).toBeUndefined();
});

test('the JSON Schema for editors equals the schema that validates jobs.json', () => {
  const published = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../jobs.schema.json'), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(jobsJsonSchema())));
});
