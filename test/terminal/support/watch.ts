import { type Demo, run, terminal } from '../../commands/support.ts';
import type { Terminal, TerminalOptions } from '../../support/terminal.ts';

export { type Demo, freshHome, run, serveDemo } from '../../commands/support.ts';

/** The live view of the built program, in a terminal of its own. */
export function watch(home: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
  return terminal(['watch', ...args], { home, ...options });
}

/** A task that somebody started before; its local id. */
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

/** Presses until the screen shows it, for keys that take effect only after something else was drawn. */
export function row(screen: string, text: string): string {
  return screen.split('\n').find((line) => line.includes(text)) ?? '';
}
