import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { truncateResult } from './large-results.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'mcp-tasks-results-'));

test('a result within the limit is returned as the same object', async () => {
  const result = { content: [{ type: 'text' as const, text: 'short' }] };
  expect(await truncateResult(result, { maxCharacters: 1_000, folder: folder(), id: 'a1' })).toBe(result);
});

test('a result over the limit becomes its beginning and a link to the whole', async () => {
  const results = folder();
  const result = { content: [{ type: 'text' as const, text: 'x'.repeat(5_000) }], structuredContent: { a: 1 } };
  const cut = await truncateResult(result, { maxCharacters: 1_000, folder: results, id: 'a1' });
  expect(JSON.stringify(cut).length).toBeLessThan(1_200);
  expect(cut).not.toHaveProperty('structuredContent');
  expect(cut.content.map(({ type }) => type)).toEqual(['text', 'resource_link']);
  expect(JSON.parse(readFileSync(join(results, 'a1.json'), 'utf8'))).toEqual(result);
});

test('a result of exactly the limit is not cut', async () => {
  const result = { content: [{ type: 'text' as const, text: 'x'.repeat(900) }] };
  const { length } = JSON.stringify(result);
  const place = { folder: folder(), id: 'a1' };
  expect(await truncateResult(result, { ...place, maxCharacters: length })).toBe(result);
  expect(await truncateResult(result, { ...place, maxCharacters: length - 1 })).not.toBe(result);
});
