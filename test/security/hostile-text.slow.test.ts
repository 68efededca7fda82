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

async function startHostileServer(revision: Revision): Promise<HostileServer> {
  const server = await startHostile({ revision, keys: ['\u001b[2Jone', 'two'], text: WITH_NUL, tool: NASTY });
  servers.push(server);
  return server;
}

const expectHarmless = (words: readonly string[], { stdout, stderr }: Run): void => {
  expect([words, ACTIVE.exec(stdout)?.[0], ACTIVE.exec(stderr)?.[0]]).toEqual([words, undefined, undefined]);
};

async function idIn(home: string): Promise<string> {
  const { stdout } = await run(['list', '--all', '--json'], { home });
  return JSON.parse(stdout).tasks[0].task.id;
}

describe.each(['2026-07-28', '2025-11-25'] as const)('%s', (revision) => {
  test(verifies(['Q11', 'S1'], 'hostile text is escaped in a pipe, and unchanged in JSON'), async () => {
    const home = freshHome();
    const server = await startHostileServer(revision);
    const mcpTasks = async (...words: readonly string[]): Promise<Run> => {
      const output = await run(words, { home });
      expectHarmless(words, output);
      return output;
    };
    for (const how of [[], ['--json']]) {
      await mcpTasks('tools', server.url, ...how);
      await mcpTasks('doctor', server.url, ...how);
      await mcpTasks('call', server.url, 'no-such-tool', ...how);
    }
    expect((await mcpTasks('call', server.url, NASTY)).code).toBe(6);
    const id = await idIn(home);
    const asked = JSON.parse((await mcpTasks('get', id, '--json')).stdout).task;
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
      await mcpTasks(...words);
    }
    await mcpTasks('answer', id, '--accept', 'no-such-field=1');
    await mcpTasks('cancel', id);
    server.finish('completed');
    const done = await mcpTasks('wait', id, '--json');
    expect(JSON.parse(done.stdout).outcome.result.content[0].text).toBe(WITH_NUL);
    for (const how of [[], ['--json']]) {
      for (const words of [
        ['result', id],
        ['get', id],
        ['list', '--all'],
        ['call', server.url, NASTY],
      ]) {
        await mcpTasks(...words, ...how);
      }
    }
    await mcpTasks('watch', server.url);
    await mcpTasks('watch', server.url, '--jsonl');
    const raw = await run(['result', id, '--raw'], { home });
    expect(raw.stdout).toBe(`${WITH_NUL}\n`);
    await mcpTasks('forget', id);
    server.finish('failed');
    expect((await mcpTasks('call', server.url, NASTY)).code).toBe(1);
    await mcpTasks('call', server.url, NASTY, '--jsonl');
    await mcpTasks('get', await idIn(home));
  });

  test(verifies('Q11', 'hostile text is escaped in lines on a terminal'), async () => {
    const home = freshHome();
    const server = await startHostileServer(revision);
    const checkTerminal = async (...words: readonly string[]): Promise<void> => {
      await using term = terminal(words, { home, env: { MCP_TASKS_NO_UI: '1' }, columns: 200 });
      await term.exited;
      expect([words, ACTIVE.exec(term.raw().replaceAll('\r\n', '\n'))?.[0]]).toEqual([words, undefined]);
    };
    await checkTerminal('tools', server.url);
    await checkTerminal('call', server.url, NASTY);
    const id = await idIn(home);
    for (const words of [['list'], ['get', id], ['get', id, '--json'], ['wait', id], ['doctor', server.url]]) {
      await checkTerminal(...words);
    }
    server.finish('completed');
    for (const words of [
      ['wait', id],
      ['result', id],
      ['result', id, '--json'],
    ])
      await checkTerminal(...words);
  });
});

test(verifies('Q11', 'hostile text is escaped by keepers, prune and logout'), async () => {
  const home = freshHome();
  const state = join(home, 'state');
  const mcpTasks = async (...words: readonly string[]): Promise<Run> => {
    const output = await run(words, { home });
    expectHarmless(words, output);
    return output;
  };
  // Files of dead keepers of a server with a hostile name.
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
    await mcpTasks(...words);
  }
  const server = await startHostileServer('2026-07-28');
  await mcpTasks('call', server.url, NASTY);
  const id = await idIn(home);
  server.finish('completed');
  await mcpTasks('wait', id);
  for (const words of [
    ['prune', '--older-than', NASTY],
    ['prune', '--older-than', '0s'],
    ['prune', '--json'],
  ]) {
    await mcpTasks(...words);
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
    expectHarmless(words, await run(words, { home, cwd }));
  }
});

test(verifies(['Q11', 'S1'], 'hostile names in configuration files are escaped'), async () => {
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
    expectHarmless(words, await run(words, { home, cwd }));
  }
});
