import { join } from 'node:path';
import { assertPrivateDirectory } from '@mcp-tasks/client/keeper';
import type { Context } from './context.ts';

type Place = Pick<Context, 'env' | 'homeDirectory' | 'platform'>;

/**
 * Directory of the records, tokens and confirmations: `MCP_TASKS_HOME`, or the platform's state directory.
 * @throws {TaskError} `store-unsafe`: another user could plant a token, or confirm a project's file
 */
export function stateDirectory(place: Place): string {
  const directory = pathOf(place);
  assertPrivateDirectory(directory);
  return directory;
}

function pathOf({ env, homeDirectory, platform }: Place): string {
  if (env.MCP_TASKS_HOME) return env.MCP_TASKS_HOME;
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'mcp-tasks');
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'mcp-tasks');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homeDirectory, 'AppData', 'Local'), 'mcp-tasks');
  return join(homeDirectory, '.local', 'state', 'mcp-tasks');
}
