import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** Runs the person's pager and editor, which take over the terminal. */
export interface TerminalPrograms {
  /** Resolves when the pager exits. */
  page(text: string): Promise<void>;
  /** Resolves to the edited text. */
  edit(text: string, extension: string): Promise<string>;
}

export function createTerminalPrograms(context: Context): TerminalPrograms {
  const { env, platform } = context;
  const isWindows = platform === 'win32';
  return {
    page: (text) => runInForeground(env.PAGER || (isWindows ? 'more' : 'less'), [], context, text),
    async edit(text, extension) {
      // Mode 0700: other users cannot read the text.
      const folder = await mkdtemp(join(tmpdir(), 'mcp-tasks-'));
      const path = join(folder, `text.${extension}`);
      try {
        await writeFile(path, text, { mode: 0o600 });
        await runInForeground(env.VISUAL || env.EDITOR || (isWindows ? 'notepad' : 'vi'), [path], context);
        return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const CHECK = 'Check the variables PAGER, VISUAL and EDITOR.';

/** @throws {CliError} `program-failed` when it cannot be run or exits with an error */
async function runInForeground(
  program: string,
  args: readonly string[],
  context: Context,
  input?: string,
): Promise<void> {
  const stdio = [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'] as const;
  // Use a shell: the variable may hold flags (`code --wait`). The file is an argument, never part of the command line.
  const isWindows = context.platform === 'win32';
  const child = isWindows
    ? spawn(program, args, { shell: true, stdio: [...stdio] })
    : spawn('sh', ['-c', `${program} "$@"`, 'sh', ...args], { stdio: [...stdio] });
  // Ctrl-C goes to the program in the foreground.
  const release = context.guardInterrupt(async () => 'stay');
  try {
    child.stdin?.on('error', () => undefined); // the pager may exit before it has read everything
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    });
    if (code !== 0 && input === undefined) throw new CliError('program-failed', `${program} ended with ${code}`, CHECK);
    if (code === 126 || code === 127) throw new CliError('program-failed', `${program} cannot be run`, CHECK);
  } finally {
    release();
  }
}
