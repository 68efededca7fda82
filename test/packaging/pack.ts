import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export interface Packed {
  readonly client: string;
  readonly cli: string;
}

/** Both packages as published: versions filled in, listed files only. */
export function packBoth(): Packed {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-pack-'));
  const pnpm = packageManager.split('+')[0];
  const env = { ...process.env, npm_config_manage_package_manager_versions: 'false' };
  for (const name of ['client', 'cli']) {
    const args = ['exec', '--yes', '--', pnpm, 'pack', '--pack-destination', directory];
    execFileSync('npm', args, { cwd: join(root, 'packages', name), env, stdio: 'pipe' });
  }
  const find = (part: string): string => join(directory, readdirSync(directory).find((name) => name.includes(part))!);
  return { client: find('client'), cli: find('cli') };
}

/** The code blocks of a page, in this language. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);
}
