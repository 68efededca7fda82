import { join } from 'node:path';
import type { Context } from './context.ts';

/** Where a file that a person writes for mcp-tasks stands. */
export function configPath({ env, homeDirectory }: Pick<Context, 'env' | 'homeDirectory'>, name: string): string {
  return join(env.XDG_CONFIG_HOME || join(homeDirectory, '.config'), 'mcp-tasks', name);
}
