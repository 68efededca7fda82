import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Script names that do not identify a program. */
const NO_NAME = /^(?:index|main|server|cli|app|start|run|mcp|stdio)\.[a-z]+$/i;
/** Folders of build output and sources, which do not identify a project. */
const NO_FOLDER = new Set(['dist', 'build', 'out', 'lib', 'src', 'bin', 'esm', 'cjs']);
const LEVELS = 6;

/** The script's name, or for a generic name the name of its package or folder. */
export function scriptLabel(script: string, cwd = '.'): string {
  const name = basename(script);
  if (!NO_NAME.test(name)) return name;
  const folders: string[] = [];
  for (let at = dirname(resolve(cwd, script)); folders.length < LEVELS && dirname(at) !== at; at = dirname(at)) {
    folders.push(at);
  }
  for (const folder of folders) {
    const packageName = nameOfPackage(folder);
    if (packageName !== undefined) return packageName;
  }
  const projectFolder = folders.map((folder) => basename(folder)).find((folder) => !NO_FOLDER.has(folder));
  return projectFolder === undefined ? name : `${projectFolder}/${name}`;
}

/** Undefined also for an unreadable file: the label falls back to the folder. */
function nameOfPackage(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8')) as { readonly name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
