import { mkdir, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { JsonObject, TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { fileSize, type ResultFile, resultFiles } from '../display/result-files.ts';

export interface SavedFile {
  /** Path as typed by the person, or below the folder they named. */
  readonly path: string;
  readonly about: string;
}

/**
 * Writes the parts of a result: one part to the path itself, several with a number in the name, and into the folder if
 * the path is one. @throws {CliError} `save-failed`; existing files are never overwritten
 */
export async function saveResult(
  id: string,
  result: JsonObject,
  path: string,
  context: Pick<Context, 'cwd'>,
): Promise<readonly SavedFile[]> {
  const parts = resultFiles(result);
  if (parts.length === 0) throw new CliError('save-failed', `The result of ${id} has nothing to save`);
  const isFolder = /[\\/]$/.test(path) || path === '.' || (await isDirectory(resolve(context.cwd, path)));
  if (isFolder) await mkdir(resolve(context.cwd, path), { recursive: true });
  const saved: SavedFile[] = [];
  for (const [at, part] of parts.entries()) {
    const name = nameOf(part, parts.length > 1 ? at + 1 : undefined, isFolder ? join(path, id) : path, isFolder);
    await write(resolve(context.cwd, name), name, part);
    saved.push({ path: name, about: `${part.about}, ${fileSize(Buffer.byteLength(part.content))}` });
  }
  return saved;
}

function nameOf({ extension }: ResultFile, number: number | undefined, path: string, isFolder: boolean): string {
  const [, stem = path, own] = /^(.*[^\\/.])\.([^.\\/]+)$/s.exec(path) ?? [];
  const ending = isFolder || number !== undefined ? extension : (own ?? undefined);
  const base = isFolder ? path : stem;
  return `${base}${number === undefined ? '' : `-${number}`}${ending === undefined ? '' : `.${ending}`}`;
}

async function write(path: string, name: string, { content }: ResultFile): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CliError('save-failed', `${name} already exists and is not overwritten`, 'Save to another name.');
    throw new CliError('save-failed', `${name} cannot be written: ${code ?? message}`, 'Save to another place.');
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Saves a record's result into the current directory. Resolves to the message for the person. */
export async function saveToCurrentFolder(
  record: TaskRecord,
  context: Pick<Context, 'cwd' | 'homeDirectory'>,
): Promise<string> {
  const result = record.outcome?.result;
  if (result === undefined) throw new CliError('save-failed', `${record.id} has no result`);
  const saved = await saveResult(record.id, result, '.', context);
  return `Saved ${saved.map(({ path }) => path).join(', ')} in ${folderOf(context)}`;
}

/** Current directory, with the home directory shown as `~`. */
function folderOf({ cwd, homeDirectory }: Pick<Context, 'cwd' | 'homeDirectory'>): string {
  const below = relative(homeDirectory, cwd);
  if (below === '') return '~';
  return below.startsWith('..') || isAbsolute(below) ? cwd : join('~', below);
}
