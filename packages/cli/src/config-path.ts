import { join } from 'node:path';
import type { Context } from './context.ts';

/** Path of a configuration file of mcp-tasks. */
export function configPath({ env, homeDirectory }: Pick<Context, 'env' | 'homeDirectory'>, name: string): string {
  return join(env.XDG_CONFIG_HOME || join(homeDirectory, '.config'), 'mcp-tasks', name);
}
