import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { freshHome, type Run, run, terminal } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { type HostileServer, type Revision, startHostile } from './hostile-server.ts';

/** OSC 52 (the clipboard), CSI in 7 and 8 bits, DEL, backspace, CR, a bidi override, a mark, a tag, line separators. */
const NASTY = '\u001b]52;c;eA==\u0007\u001b[2J\u009b2Ja\u0008\u007f\r\u202egnp.exe\u200f\u{e0041}\u2028\u0085end';
const WITH_NUL = `${NASTY}\u0000`;

const ACTIVE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\u{e0000}-\u{e0fff}]/u;

const servers: HostileServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function hostile(revision: Revision): Promise<HostileServer> {
  const server = await startHostile({ revision, keys: ['\u001b[2Jone', 'two'], text: WITH_NUL, tool: NASTY });
  servers.push(server);
  return server;
}

const harmless = (words: readonly string[], { stdout, stderr }: Run): void => {
  expect([words, ACTIVE.exec(stdout)?.[0], ACTIVE.exec(stderr)?.[0]]).toEqual([words, undefined, undefined]);
};

async function idIn(home: string): Promise<string> {
  const { stdout } = await run(['list', '--all', '--json'], { home });
  return JSON.parse(stdout).tasks[0].task.id;
}

describe.each(['2026-07-28', '2025-11-25'] as const)('%s', (revision) => {
  test(verifies(['Q11', 'S1'], 'hostile text acts on nothing in a pipe, and is intact in every JSON'), async () => {
    const home = freshHome();
    const server = await hostile(revision);
    const say = async (...words: readonly string[]): Promise<Run> => {
      const said = await run(words, { home });
      harmless(words, said);
      return said;
    };
    for (const how of [[], ['--json']]) {
      await say('tools', server.url, ...how);
      await say('doctor', server.url, ...how);
      await say('call', server.url, 'no-such-tool', ...how);
    }
    expect((await say('call', server.url, NASTY)).code).toBe(6);
    const id = await idIn(home);
    const asked = JSON.parse((await say('get', id, '--json')).stdout).task;
    expect([asked.taskId, asked.tool, asked.statusMessage]).toEqual([WITH_NUL, NASTY, WITH_NUL]);
    const [question] = Object.values(asked.inputRequests) as { params: { message: string } }[];
    if (question !== undefined) expect(question.params.message).toBe(WITH_NUL);
    for (const words of [
      ['list'],
      ['list', '--json'],
      ['get', id],
      ['wait', id],
      ['wait', id, '--json'],
      ['result', id],
    ]) {
      await say(...words);
    }
    await say('answer', id, '--accept', 'no-such-field=1');
    await say('cancel', id);
    server.finish('completed');
    const done = await say('wait', id, '--json');
    expect(JSON.parse(done.stdout).outcome.result.content[0].text).toBe(WITH_NUL);
    for (const how of [[], ['--json']]) {
      for (const words of [
        ['result', id],
        ['get', id],
        ['list', '--all'],
        ['call', server.url, NASTY],
      ]) {
        await say(...words, ...how);
      }
    }
    await say('watch', server.url);
    await say('watch', server.url, '--jsonl');
    const raw = await run(['result', id, '--raw'], { home });
    expect(raw.stdout).toBe(`${WITH_NUL}\n`);
    await say('forget', id);
    server.finish('failed');
    expect((await say('call', server.url, NASTY)).code).toBe(1);
    await say('call', server.url, NASTY, '--jsonl');
    await say('get', await idIn(home));
  });

  test(verifies('Q11', 'hostile text acts on nothing where lines are written to a terminal'), async () => {
    const home = freshHome();
    const server = await hostile(revision);
    const look = async (...words: readonly string[]): Promise<void> => {
      await using term = terminal(words, { home, env: { MCP_TASKS_NO_UI: '1' }, columns: 200 });
      await term.exited;
      expect([words, ACTIVE.exec(term.raw().replaceAll('\r\n', '\n'))?.[0]]).toEqual([words, undefined]);
    };
    await look('tools', server.url);
    await look('call', server.url, NASTY);
    const id = await idIn(home);
    for (const words of [['list'], ['get', id], ['get', id, '--json'], ['wait', id], ['doctor', server.url]]) {
      await look(...words);
    }
    server.finish('completed');
    for (const words of [
      ['wait', id],
      ['result', id],
      ['result', id, '--json'],
    ])
      await look(...words);
  });
});

test(verifies('Q11', 'hostile text acts on nothing in keepers, prune and logout'), async () => {
  const home = freshHome();
  const state = join(home, 'state');
  const say = async (...words: readonly string[]): Promise<Run> => {
    const said = await run(words, { home });
    harmless(words, said);
    return said;
  };
  // Files of dead keepers, for a server with such a name.
  const keepers = join(state, 'keepers');
  const keeping = (pid: number) => {
    const path = join(keepers, `${pid}.sock`);
    return { pid, startedAt: Date.now(), server: NASTY, fingerprint: `print\u001b[2J${NASTY}`, path };
  };
  const write = () => {
    mkdirSync(keepers, { recursive: true, mode: 0o700 });
    for (const pid of [process.pid, 999_999_999])
      writeFileSync(join(keepers, `${pid}.json`), JSON.stringify(keeping(pid)), { mode: 0o600 });
  };
  mkdirSync(state, { recursive: true, mode: 0o700 });
  for (const words of [['keepers'], ['keepers', '--json'], ['keepers', '--stop', NASTY]]) {
    write();
    await say(...words);
  }
  const server = await hostile('2026-07-28');
  await say('call', server.url, NASTY);
  const id = await idIn(home);
  server.finish('completed');
  await say('wait', id);
  for (const words of [
    ['prune', '--older-than', NASTY],
    ['prune', '--older-than', '0s'],
    ['prune', '--json'],
  ]) {
    await say(...words);
  }
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  const mcpServers = { [NASTY]: { url: `http://127.0.0.1:9/${NASTY}` }, plain: { command: NASTY, args: [NASTY] } };
  writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers }));
  for (const words of [
    ['logout', NASTY],
    ['logout', `.mcp.json:${NASTY}`],
    ['logout', '.mcp.json:plain'],
    ['logout', NASTY, '--all'],
    ['logout', `http://127.0.0.1:9/${NASTY}`, '--json'],
    ['logout', '--all'],
  ]) {
    harmless(words, await run(words, { home, cwd }));
  }
});

test(verifies(['Q11', 'S1'], 'hostile names in configuration files act on nothing'), async () => {
  const home = freshHome();
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  const mcpServers = { [NASTY]: { command: NASTY, args: [NASTY] }, url: { url: `http://127.0.0.1:9/${NASTY}` } };
  writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers }));
  for (const words of [
    ['servers'],
    ['servers', '--no-connect'],
    ['servers', '--json'],
    ['tools', NASTY],
    ['tools', `.mcp.json:${NASTY}`],
    ['doctor', `.mcp.json:${NASTY}`],
    ['tools', '.mcp.json:url'],
    ['call', `.mcp.json:${NASTY}x`, 'tool'],
    ['__complete', 'tools', ''],
    [NASTY],
    ['call', '--arg', NASTY],
  ]) {
    harmless(words, await run(words, { home, cwd }));
  }
});
