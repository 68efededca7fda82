import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** Programs of the person that take over the terminal for a while. */
export interface TerminalPrograms {
  /** Resolves when the person has left the pager. */
  page(text: string): Promise<void>;
  /** The text as the person left it. */
  edit(text: string, extension: string): Promise<string>;
}

export function createTerminalPrograms(context: Context): TerminalPrograms {
  const { env, platform } = context;
  const isWindows = platform === 'win32';
  return {
    page: (text) => run(env.PAGER || (isWindows ? 'more' : 'less'), [], context, text),
    async edit(text, extension) {
      // 0700: what is typed may be nobody else's business.
      const folder = await mkdtemp(join(tmpdir(), 'mcp-tasks-'));
      const path = join(folder, `text.${extension}`);
      try {
        await writeFile(path, text, { mode: 0o600 });
        await run(env.VISUAL || env.EDITOR || (isWindows ? 'notepad' : 'vi'), [path], context);
        return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** @throws {CliError} `program-failed` when it cannot be run or says that it failed */
async function run(program: string, args: readonly string[], context: Context, input?: string): Promise<void> {
  const stdio = [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'] as const;
  // The variable is a person's own and may hold flags (`code --wait`); the file is an argument, never part of the line.
  const isWindows = context.platform === 'win32';
  const child = isWindows
    ? spawn(program, args, { shell: true, stdio: [...stdio] })
    : spawn('sh', ['-c', `${program} "$@"`, 'sh', ...args], { stdio: [...stdio] });
  // Ctrl-C is for the program in front.
  const release = context.guardInterrupt(async () => 'stay');
  try {
    child.stdin?.on('error', () => undefined); // left before it had read everything
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    });
    if (code !== 0 && input === undefined) throw new CliError('program-failed', `${program} ended with ${code}`);
    if (code === 126 || code === 127) throw new CliError('program-failed', `${program} cannot be run`);
  } finally {
    release();
  }
}
