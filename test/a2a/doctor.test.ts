import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { type AgentOptions, serveAgent } from './agent-server.ts';

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly detail: string;
}

async function examine(url: string): Promise<{ readonly code: number | null; readonly findings: readonly Finding[] }> {
  const { stdout, code } = await run(['doctor', `a2a:${url}`, '--json'], { home: freshHome() });
  return { code, findings: (JSON.parse(stdout) as { findings: readonly Finding[] }).findings };
}

async function doctor(options: AgentOptions) {
  const server = await serveAgent(options);
  onTestFinished(() => server.stop());
  return { url: server.url, ...(await examine(server.url)) };
}

test('doctor reports the card URL, the interfaces and the version of an agent', async () => {
  const { url, code, findings } = await doctor({ offers: ['1.0 JSONRPC', '0.3 HTTP+JSON'] });
  expect(code).toBe(0);
  const reported = (check: string) =>
    findings.filter((each) => each.check === check).map(({ state, detail }) => [state, detail]);
  expect(reported('card')).toEqual([['ok', `${url}/.well-known/agent-card.json`]]);
  expect(reported('interface')).toContainEqual(['ok', `1.0 JSONRPC at ${url}/rpc`]);
  expect(reported('version')).toEqual([['ok', 'it speaks 1.0, as its card says']]);
  expect(reported('list')).toEqual([['ok', 'yes: a start whose reply is lost is found again']]);
  expect(reported('tasks')).toEqual([]);
});

test('doctor reports an agent that speaks another version than its card states', async () => {
  const { findings } = await doctor({ offers: ['0.3 JSONRPC'], statedVersion: '1.0' });
  expect(findings).toContainEqual({
    check: 'version',
    state: 'missing',
    detail: 'its card says 1.0, and it speaks 0.3',
    hint: 'mcp-tasks uses that version.',
  });
});

test.each([
  ['http://0.0.0.0:9999/rpc', 'that is a listening address; the host of the card is used'],
  ['http://agent.internal:9999/rpc', 'another host than that of the card'],
])('doctor reports a card that names %s, where no agent listens', async (at, problem) => {
  const card = { name: 'Lost', version: '1', url: at, skills: [], protocolVersion: '0.3.0' };
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(card));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { findings } = await examine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const wrong = findings.find((each) => each.check === 'interface');
  expect(wrong).toMatchObject({ state: 'missing', detail: expect.stringContaining(problem) });
  expect(findings.find((each) => each.check === 'version')?.state).toBe('failed');
});

test('doctor recognizes an agent addressed as an MCP server', async () => {
  const server = await serveAgent();
  onTestFinished(() => server.stop());
  const { stdout } = await run(['doctor', server.url], { home: freshHome() });
  expect(stdout).toContain(`This is an A2A agent: a2a:${server.url}/`);
});
