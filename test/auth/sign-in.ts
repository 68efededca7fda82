import { terminal } from '../commands/support.ts';
import { type GuardedDemo, visit } from './guarded-demo.ts';

export const wide = { columns: 120, rows: 40 };

/** The sign-in URL on the screen, joined from its wrapped rows. */
export function addressOn(screen: string): string {
  const rows = screen.split('\n');
  const last = rows.findLastIndex((row) => row.startsWith('Enter opens'));
  const first = rows.findLastIndex((row, at) => at < last && row.startsWith('  url   '));
  return rows
    .slice(first, last)
    .map((row) => row.trim())
    .join('')
    .replace(/^url\s+/, '');
}

/** Signs in to this server with a terminal and a browser. */
export async function signIn(server: GuardedDemo, home: string): Promise<void> {
  await using screen = terminal(['tools', server.url], { home, ...wide });
  await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
  const { code } = await screen.exited;
  if (code !== 0) throw new Error(`The sign-in ended with ${code}:\n${screen.scrollback()}`);
}
