import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, type Demo, freshHome, run, serveDemo, terminal } from './support.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** A home with this `config.json`. */
function homeWith(content: unknown, folder = '.config'): string {
  const home = freshHome();
  mkdirSync(join(home, folder, 'mcp-tasks'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(home, folder, 'mcp-tasks/config.json'), text);
  return home;
}

test('an alias in config.json names a target, as a text or as a command', async () => {
  const here = [process.execPath, BIN, 'demo', '--stdio', '--speed', '0.1'];
  const home = homeWith({ aliases: { shop: demo.url, child: here } });
  const shop = await run(['call', 'shop', 'report', '--json'], { home });
  const { target, server } = JSON.parse(shop.stdout).task;
  expect([shop.code, target, server]).toEqual([0, demo.url, 'shop']);
  const child = await run(['tools', 'child', '--json'], { home });
  expect([child.code, child.stdout]).toEqual([0, expect.stringContaining('"release"')]);
  expect((await run(['__complete', 'tools', 'sho'], { home })).stdout).toBe('shop\tyour alias\n');
  const misspelt = await run(['tools', 'shopp'], { home });
  expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('Did you mean shop?')]);
});

test('columns in config.json are the default of list, and --columns overrides them', async () => {
  const home = homeWith({ columns: ['id', 'tool'] });
  await run(['call', demo.url, 'report'], { home });
  const head = async (...flags: string[]) => (await run(['list', '--all', ...flags], { home })).stdout.split('\n')[0];
  expect(await head()).toMatch(/^ID +TOOL$/);
  expect(await head('--columns', 'status')).toMatch(/^STATUS$/);
});

test('config.json is read below XDG_CONFIG_HOME, and never from a project', async () => {
  const home = homeWith({ columns: ['tool'] }, 'xdg');
  const project = join(home, 'project');
  mkdirSync(join(project, '.config/mcp-tasks'), { recursive: true });
  writeFileSync(join(project, '.config/mcp-tasks/config.json'), '{"aliases":{"evil":"https://evil.example"}}');
  await run(['call', demo.url, 'report'], { home });
  const env = { XDG_CONFIG_HOME: join(home, 'xdg') };
  expect((await run(['list', '--all'], { home, env })).stdout).toMatch(/^TOOL *\nreport/);
  const evil = await run(['tools', 'evil'], { home, env, cwd: project });
  expect([evil.code, evil.stderr]).toEqual([2, expect.stringContaining('No server is called "evil"')]);
});

test('the error for an invalid config.json names the file, the place and the remedy; help still works', async () => {
  const home = homeWith({ columns: ['id', 'colour'] });
  const { code, stdout, stderr } = await run(['list'], { home });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/config\.json: columns\.1: Invalid option[^\n]*\n.*mcp-tasks help config/);
  expect((await run(['list', '--help'], { home })).code).toBe(0);
});

test('colors in config.json apply where the environment sets none', async () => {
  const home = homeWith({ colors: 'never' });
  await using tty = terminal(['watch', demo.url], { home, columns: 80, rows: 20 });
  await tty.waitFor('q leave');
  expect(tty.raw()).not.toMatch(/\x1b\[(3|9)\d(;|m)/);
});

test('help config shows the path and the content of the file', async () => {
  const home = freshHome();
  const { code, stdout } = await run(['help', 'config'], { home });
  expect([code, stdout]).toEqual([0, expect.stringContaining(join(home, '.config/mcp-tasks/config.json'))]);
});
