import type { Person } from '@mcp-tasks/client';
import type { Context } from '../context.ts';

/** Flags of commands that answer or list questions. */
export interface PersonFlags {
  readonly as?: string;
  readonly group?: readonly string[];
}

/** The person who uses the command, for questions with an audience. Undefined without `--as` and `MCP_TASKS_PERSON`. */
export function personOf({ env }: Context, { as, group }: PersonFlags): Person | undefined {
  const name = as ?? env.MCP_TASKS_PERSON ?? '';
  if (name === '') return undefined;
  const groups = group ?? env.MCP_TASKS_GROUPS?.split(',').map((each) => each.trim());
  return { name, groups: groups?.filter((each) => each !== '') };
}
