import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run } from '../commands/support.ts';
import { type AgentInterface, serveAgent } from './agent-server.ts';

const PLAN = 'ship on Friday\n';
const all: readonly AgentInterface[] = ['1.0 JSONRPC', '1.0 HTTP+JSON', '0.3 JSONRPC', '0.3 HTTP+JSON'];

async function agentFor(agentInterface: readonly AgentInterface[] = all) {
  const server = await serveAgent({ offers: agentInterface });
  onTestFinished(() => server.stop());
  const home = freshHome();
  const path = join(home, 'plan.md');
  writeFileSync(path, PLAN);
  return { server, target: `a2a:${server.url}`, home, path };
}

test.each(all)(
  'a file is sent with a call and with an answer, over %s, and the record keeps its path and digest',
  async (agentInterface) => {
    const { server, target, home, path } = await agentFor([agentInterface]);
    await run(['call', target, 'send', '--arg', 'text=deploy shop', '--arg', 'file=@plan.md'], { home });
    const id = await idOf(home, 'send');
    const got = await run(['get', id, '--json'], { home });
    const sha256 = createHash('sha256').update(PLAN).digest('hex');
    expect(JSON.parse(got.stdout).task.arguments).toEqual({ text: 'deploy shop', file: { path, sha256 } });
    expect(await run(['answer', id, '--accept', 'text=eu', 'file=@plan.md'], { home })).toMatchObject({ code: 0 });
    // The HTTP binding of 0.3 carries no file names.
    const file = `${agentInterface === '0.3 HTTP+JSON' ? '' : 'plan.md'} (text/markdown): ${PLAN}`;
    expect(server.agent.received).toEqual(['deploy shop', file, 'eu', file]);
  },
);

test('a missing file, or a file changed since it was named, is not sent', async () => {
  const { server, target, home, path } = await agentFor();
  const none = await run(['call', target, 'send', '--arg', 'text=go', '--arg', 'file=@none.md', '--json'], { home });
  expect([none.code, JSON.parse(none.stderr)]).toMatchObject([2, { error: { code: 'arguments-invalid' } }]);
  const file = JSON.stringify({ path, sha256: '0'.repeat(64) });
  const changed = await run(['call', target, 'send', '--arg', 'text=go', '--arg', `file:=${file}`], { home });
  expect(changed.code).not.toBe(0);
  expect(changed.stderr).toContain(`The file ${path} has changed since it was named; nothing was sent`);
  expect(server.agent.received).toEqual([]);
  await run(['call', target, 'send', '--arg', 'text=deploy shop'], { home });
  const id = await idOf(home, 'send');
  const answered = await run(['answer', id, '--accept', 'text=eu', `file:=${file}`], { home });
  expect(answered.code).not.toBe(0);
  expect(answered.stderr).toContain('has changed since it was named');
  expect(server.agent.received).toEqual(['deploy shop']);
});
