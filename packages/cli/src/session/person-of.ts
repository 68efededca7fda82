import type { Person } from '@mcp-tasks/client';
import type { Context } from '../context.ts';

/** Flags of commands that answer, or show what there is to answer. */
export interface PersonFlags {
  readonly as?: string;
  readonly group?: readonly string[];
}

/** Who uses the command, for questions that are for some people alone. */
export function personOf({ env }: Context, { as, group }: PersonFlags): Person | undefined {
  const name = as ?? env.MCP_TASKS_PERSON ?? '';
  if (name === '') return undefined;
  const groups = group ?? env.MCP_TASKS_GROUPS?.split(',').map((each) => each.trim());
  return { name, groups: groups?.filter((each) => each !== '') };
}
