import { expect, test } from 'vitest';
import { cardPlaces } from './find-card.ts';
import { readCard } from './read-card.ts';

const at = new URL('https://agent.example/.well-known/agent-card.json');
const about = { name: 'Agent', version: '1', skills: [] };

function interfacesOf(card: object, place = at): readonly string[] | undefined {
  const read = readCard({ ...about, ...card } as never, place);
  return read?.interfaces.map(({ version, binding, url }) => `${version} ${binding} ${url.href}`);
}

test('the newest version over JSON-RPC is the best interface; gRPC is ignored', () => {
  const url = 'https://agent.example/';
  const supportedInterfaces = [
    { url, protocolBinding: 'GRPC', protocolVersion: '1.0' },
    { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
    { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0.1' },
  ];
  expect(interfacesOf({ supportedInterfaces })).toEqual([
    '1.0 JSONRPC https://agent.example/',
    '1.0 HTTP+JSON https://agent.example/',
    '0.3 JSONRPC https://agent.example/',
  ]);
});

test('a 0.3 card has its first interface in its top-level fields', () => {
  const additionalInterfaces = [{ url: 'https://agent.example/v1', transport: 'HTTP+JSON' }];
  const card = { url: 'https://agent.example/rpc', preferredTransport: 'JSONRPC', protocolVersion: '0.3.0' };
  expect(interfacesOf({ ...card, additionalInterfaces })).toEqual([
    '0.3 JSONRPC https://agent.example/rpc',
    '0.3 HTTP+JSON https://agent.example/v1',
  ]);
});

test('a card without version and transport (0.2) is read as 0.3 over JSON-RPC; its URL may be relative', () => {
  expect(interfacesOf({ url: '/a2a/x', capabilities: {} })).toEqual(['0.3 JSONRPC https://agent.example/a2a/x']);
});

test('an agent at 0.0.0.0 is reached at the host of its card', () => {
  const card = { url: 'http://0.0.0.0:9999/', protocolVersion: '0.3.0', skills: [] };
  expect(interfacesOf(card, new URL('http://10.0.0.7:9999/.well-known/agent.json'))).toEqual([
    '0.3 JSONRPC http://10.0.0.7:9999/',
  ]);
});

test('JSON without a name, or with neither interfaces nor skills, is not a card', () => {
  expect(readCard({ url: 'https://agent.example', skills: [] }, at)).toBeUndefined();
  expect(readCard({ name: 'openapi', url: 'https://agent.example' }, at)).toBeUndefined();
  expect(readCard([], at)).toBeUndefined();
  expect(interfacesOf({ supportedInterfaces: [] })).toEqual([]);
});

test('a card is looked up at the address, below it and at the root of its host, under both file names', () => {
  expect(cardPlaces('https://agent.example/agents/x?y=1').map(({ href }) => href)).toEqual([
    'https://agent.example/agents/x/.well-known/agent-card.json',
    'https://agent.example/.well-known/agent-card.json',
    'https://agent.example/agents/x/.well-known/agent.json',
    'https://agent.example/.well-known/agent.json',
  ]);
  expect(cardPlaces('https://agent.example/cards/x.json')[0]?.href).toBe('https://agent.example/cards/x.json');
});
