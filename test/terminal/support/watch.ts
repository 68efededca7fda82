import { type Demo, run, terminal } from '../../commands/support.ts';
import type { Terminal, TerminalOptions } from '../../support/terminal.ts';

export { type Demo, freshHome, run, serveDemo } from '../../commands/support.ts';

/** The live view of the built command, in its own terminal. */
export function watch(home: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
  return terminal(['watch', ...args], { home, ...options });
}

/** Starts a task as another client; returns its local id. */
export async function begin(
  home: string,
  demo: Pick<Demo, 'url'>,
  tool: string,
  ...args: readonly string[]
): Promise<string> {
  const flags = args.flatMap((arg) => ['--arg', arg]);
  const { stdout, stderr } = await run(['call', demo.url, tool, ...flags, '--detach', '--json'], { home });
  const { task } = JSON.parse(stdout || '{}') as { task?: { id: string } | null };
  if (!task) throw new Error(`No task of ${tool}: ${stdout}${stderr}`);
  return task.id;
}

/** The screen row that contains this text; empty when there is none. */
export function row(screen: string, text: string): string {
  return screen.split('\n').find((line) => line.includes(text)) ?? '';
}
