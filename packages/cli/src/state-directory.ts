import { join } from 'node:path';
import type { Context } from './context.ts';

type Place = Pick<Context, 'env' | 'homeDirectory' | 'platform'>;

/** Directory of the records: `MCP_TASKS_HOME`, or the platform's state directory. */
export function stateDirectory({ env, homeDirectory, platform }: Place): string {
  if (env.MCP_TASKS_HOME) return env.MCP_TASKS_HOME;
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'mcp-tasks');
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'mcp-tasks');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homeDirectory, 'AppData', 'Local'), 'mcp-tasks');
  return join(homeDirectory, '.local', 'state', 'mcp-tasks');
}
