import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import { fileArgument, takesFiles } from '../local-file.ts';
import type { ArgumentFlags } from './read-arguments.ts';

/**
 * Replaces `--args @file`, `--args -` (standard input) and `--arg name=@file` by their content. A file for an A2A agent
 * stays a path and is read when the message is sent.
 */
export async function expandFiles<Flags extends ArgumentFlags>(
  flags: Flags,
  { target }: Pick<ResolvedTarget, 'target'>,
  context: Context,
): Promise<Flags> {
  const { arg, args } = flags;
  const expandOne = async (pair: string) =>
    (takesFiles(target) ? await fileArgument(pair, '--arg', context) : undefined) ?? expandPair(pair, context);
  return {
    ...flags,
    ...(args === undefined ? {} : { args: await expandWhole(args, context) }),
    ...(arg === undefined ? {} : { arg: await Promise.all(arg.map((pair) => expandOne(pair))) }),
  };
}

async function expandWhole(args: string, context: Context): Promise<string> {
  if (args === '-') return readAll(context.stdin);
  return args.startsWith('@') ? readText(args.slice(1), '--args', context) : args;
}

async function expandPair(pair: string, context: Context): Promise<string> {
  const [, name, path] = /^([^=]*[^=:])=@(.*)$/s.exec(pair) ?? [];
  if (name === undefined || path === undefined) return pair;
  const text = await readText(path, `--arg ${name}`, context, `A text that begins with @ is ${name}:='"@…"'.`);
  // Drop the final newline of a text file.
  return `${name}=${text.replace(/\r?\n$/, '')}`;
}

async function readText(path: string, flag: string, context: Context, hint?: string): Promise<string> {
  try {
    return await readFile(resolve(context.cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CliError('arguments-invalid', `${flag}: the file ${path} ${why}; nothing was sent`, hint);
  }
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
