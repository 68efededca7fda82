import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import type { JsonObject } from '../../task/json.ts';
import { createParamHeaders, encodeHeader } from './param-headers.ts';

test('a header value of any length is encoded', () => {
  const text = 'ä\n'.repeat(300_000);
  const [, encoded = ''] = /^=\?base64\?(.*)\?=$/.exec(encodeHeader(text)) ?? [];
  expect(Buffer.from(encoded, 'base64').toString()).toBe(text);
});

test(verifies('S5', 'a schema nested a hundred thousand deep does not fail tools/list'), () => {
  let deep: JsonObject = { type: 'string', 'x-mcp-header': 'Deep' };
  for (let depth = 0; depth < 100_000; depth += 1) deep = { properties: { a: deep } };
  const headers = createParamHeaders();
  const shallow = { properties: { a: { type: 'string', 'x-mcp-header': 'A' } } };
  const list = {
    tools: [
      { name: 'deep', inputSchema: deep },
      { name: 'shallow', inputSchema: shallow },
    ],
  };
  expect(headers.learn(list)).toMatchObject({ tools: [{ name: 'deep' }, { name: 'shallow' }] });
  expect(headers.headersFor({ name: 'shallow', arguments: { a: 'x' } })).toEqual({ 'Mcp-Param-A': 'x' });
});
