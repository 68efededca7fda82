import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { BridgeCommand } from '../../bridge/edit-host-file.ts';
import type { Context } from '../../context.ts';

type Program = Pick<Context, 'env' | 'execPath' | 'binPath' | 'platform'>;

const NPX_ARGS = ['-y', '@mcp-tasks/cli'];
/** Folders in which npx, `pnpm dlx`, `yarn dlx` and bunx keep a package for a while. */
const CACHE_OF_RUNNER = /[\\/](?:_npx|dlx|dlx-[^\\/]+|bunx-[^\\/]+)[\\/]/;

/**
 * The command with which a host starts this program: `npx` if it runs from the cache of a package runner, `mcp-tasks`
 * if PATH finds this program under that name, else its path.
 */
export async function ownCommand({ env, execPath, binPath, platform }: Program): Promise<BridgeCommand> {
  const ours = await realpath(binPath);
  // The runner adds its cache to PATH only for this run: a host would not find the command.
  if (CACHE_OF_RUNNER.test(ours)) {
    return platform === 'win32'
      ? { command: 'cmd', args: ['/c', 'npx', ...NPX_ARGS] }
      : { command: 'npx', args: NPX_ARGS };
  }
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'mcp-tasks');
    const found = await access(candidate, constants.X_OK)
      .then(() => realpath(candidate))
      .catch(() => undefined);
    if (found === ours) return { command: 'mcp-tasks', args: [] };
    if (found !== undefined) break; // another program of this name comes first in PATH
  }
  return { command: execPath, args: [binPath] };
}

/** The command that runs this program from a shell: by `npx` if it is not installed. */
export async function typedCommand({ binPath }: Pick<Program, 'binPath'>): Promise<string> {
  return CACHE_OF_RUNNER.test(await realpath(binPath)) ? 'npx @mcp-tasks/cli' : 'mcp-tasks';
}
