import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { configPath } from '../config-path.ts';
import type { Context } from '../context.ts';
import { readSettings } from './read-settings.ts';

/** A home with this text as `config.json`. */
function contextWith(text: string | undefined): Context {
  const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-settings-'));
  const context = { env: {}, homeDirectory: home, cwd: home, platform: 'linux' } as unknown as Context;
  if (text === undefined) return context;
  const path = configPath(context, 'config.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return context;
}

test('without a file every setting is the default', async () => {
  expect(await readSettings(contextWith(undefined))).toEqual({});
});

test('all settings are read from a file with comments', async () => {
  const text = `{ // mine
    "aliases": { "shop": "https://shop.example/mcp", "files": ["npx", "-y", "files"] },
    "columns": ["id", "tool"], "colors": "never", "keepOpen": true,
  }`;
  expect(await readSettings(contextWith(text))).toEqual({
    aliases: { shop: 'https://shop.example/mcp', files: ['npx', '-y', 'files'] },
    columns: ['id', 'tool'],
    colors: 'never',
    keepOpen: true,
  });
});

test.each<[string, unknown, RegExp]>([
  ['an unknown column', { columns: ['id', 'colour'] }, /config\.json: columns\.1: Invalid option/],
  ['no columns', { columns: [] }, /config\.json: columns: Too small/],
  ['an unknown setting', { keep_open: true }, /config\.json: the file: Unrecognized key: "keep_open"/],
  ['a list in place of settings', [], /config\.json: the file: Invalid input/],
  ['an alias that is a number', { aliases: { shop: 3 } }, /aliases\.shop: a target is a text like/],
  ['an alias without words', { aliases: { shop: [] } }, /aliases\.shop: a target is a text like/],
  ['an alias that looks like a flag', { aliases: { '-shop': 'demo' } }, /aliases\.-shop: .*does not begin with "-"/],
  ['an alias that begins with a dot', { aliases: { '.shop': 'demo' } }, /aliases\.\.shop: a name has letters/],
  ['text that is not JSON', '{\n  "columns": [\n}', /config\.json is not JSON: \w+ in line 3/],
])('%s is refused; the error names the file, the place and the remedy', async (_, content, message) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await expect(readSettings(contextWith(text))).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringMatching(message),
    hint: expect.stringContaining('mcp-tasks help config'),
  });
});
