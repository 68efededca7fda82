import type { JsonObject } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { CLIENT_CAPABILITIES, CLIENT_INFO, PROTOCOL_VERSION } from '../mcp-server/meta-keys.ts';
import type { ServerDescription } from './bridge-cache.ts';
import { firstAnswer } from './first-answers.ts';
import { bridgeToolNames, type Front } from './front.ts';
import { openStdio20251125 } from './stdio-2025-11-25.ts';
import { openStdio20260728 } from './stdio-2026-07-28.ts';

const description: ServerDescription = {
  server: { name: 'some-server', version: '1.2.0' },
  capabilities: { tools: {}, prompts: { listChanged: true }, logging: {}, resources: { subscribe: true } },
  instructions: 'Be brief.',
  revision: '2025-11-25',
  tools: [
    {
      name: 'report',
      description: 'Writes.',
      inputSchema: { type: 'object', properties: { topic: { type: 'string' } } },
      outputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
      _meta: { 'x/y': 1 },
      'x-unknown': { kept: true },
    },
    { name: 'tasks_wait', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } },
  ],
};
const descriptions: readonly ServerDescription[] = [
  description,
  { ...description, revision: '2026-07-28', instructions: null, tools: [] },
];
const host = { name: 'some-host', version: '1' };
const envelope = { [PROTOCOL_VERSION]: '2026-07-28', [CLIENT_CAPABILITIES]: {}, [CLIENT_INFO]: host };
const withTasks = { ...envelope, [CLIENT_CAPABILITIES]: { extensions: { 'io.modelcontextprotocol/tasks': {} } } };

function initialize(protocolVersion: string): JsonObject {
  return { method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo: host } };
}

const requests: readonly JsonObject[] = [
  initialize('2025-11-25'),
  initialize('2025-06-18'),
  initialize('2024-11-05'),
  { method: 'tools/list' },
  { method: 'tools/list', params: { cursor: 'a' } },
  { method: 'server/discover', params: { _meta: envelope } },
  { method: 'tools/list', params: { _meta: envelope } },
  { method: 'tools/list', params: { _meta: withTasks } },
];

/** The result of the SDK's server of the request's revision. */
async function resultOfSdk(request: JsonObject, known: ServerDescription): Promise<unknown> {
  const front = {
    description: known,
    tools: async () => known.tools,
    names: () => bridgeToolNames(known.tools),
    stateKey: 'k'.repeat(64),
  } as unknown as Front;
  const isModern = JSON.stringify(request).includes(PROTOCOL_VERSION);
  const open = isModern ? openStdio20260728 : openStdio20251125;
  return new Promise((resolve, reject) => {
    const send = async (message: object): Promise<void> => resolve((message as { readonly result?: unknown }).result);
    open(front, send).then((server) => server.deliver({ jsonrpc: '2.0', id: 1, ...request }), reject);
  });
}

const cases = descriptions.flatMap((known, at) =>
  requests.map((request) => ({ request, known, title: `${JSON.stringify(request)} of server ${at}` })),
);
test.each(cases)("a first answer equals that of the SDK's server: $title", async ({ request, known }) => {
  const answer = firstAnswer(request, known, bridgeToolNames(known.tools));
  expect(answer).toBeDefined();
  expect(answer).toEqual(await resultOfSdk(request, known));
});

test.each<JsonObject>([
  { method: 'tools/call', params: { name: 'report' } },
  { method: 'initialize', params: { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: host } },
  { method: 'initialize', params: { protocolVersion: '2025-11-25' } },
  { method: 'tools/list', params: { _meta: { [PROTOCOL_VERSION]: '2026-07-28' } } },
  { method: 'tools/list', params: { _meta: { ...envelope, [PROTOCOL_VERSION]: '2099-01-01' } } },
  { method: 'resources/list' },
  { result: {} },
])('a request that the description does not answer, or the SDK may refuse, is left to the SDK: %j', (request) => {
  expect(firstAnswer(request, description, bridgeToolNames(description.tools))).toBeUndefined();
});
