import { expect, test } from 'vitest';
import { verifies } from '../../../../test/faults/scenarios.ts';
import { checkParamHeaders } from './param-headers.ts';

function call(args: object, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'mcp-method': 'tools/call', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 't', arguments: args } }),
  });
}

const schema = (properties: object) => () => ({ type: 'object', properties });

test('a header that differs from its argument is refused', async () => {
  const city = schema({ city: { type: 'string', 'x-mcp-header': 'City' } });
  expect(await checkParamHeaders(call({ city: 'Oslo' }, { 'mcp-param-city': 'Oslo' }), city)).toBeUndefined();
  expect((await checkParamHeaders(call({ city: 'Oslo' }, { 'mcp-param-city': 'Rome' }), city))?.status).toBe(400);
  expect((await checkParamHeaders(call({ city: 'Oslo' }), city))?.status).toBe(400);
});

test.each(['constructor', '__proto__', 'toString'])(
  `${verifies('S7', 'an absent argument needs no header, whatever its name:')} %s`,
  async (name) => {
    const properties = JSON.parse(`{"${name}":{"type":"string","x-mcp-header":"Name"}}`) as object;
    expect(await checkParamHeaders(call({}), schema(properties))).toBeUndefined();
  },
);

test.each([[null], [true], [{ 'x-mcp-header': 'no header name' }]])(
  'a property that maps to no header is ignored: %j',
  async (property) => {
    expect(await checkParamHeaders(call({ a: 'x' }), schema({ a: property }))).toBeUndefined();
  },
);
