import type { ToolDescription } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';
import { table } from './table.ts';
import { argumentSignatures } from './tool-arguments.ts';

const SUPPORT = { forbidden: 'no', optional: 'yes', required: 'always' } as const;

/** Table for a pipe: one row per tool, nothing cut. `alike` omits the task column. */
export function toolTable(tools: readonly ToolDescription[], alike: boolean): Promise<string> {
  const columns = columnsOf(alike);
  const head = columns(['TOOL', 'TASK', 'ARGUMENTS', 'WHAT IT DOES']);
  const rows = tools.map((tool) =>
    columns([nameOf(tool), SUPPORT[tool.taskSupport], argumentsOf(tool), aboutOf(tool)]),
  );
  return table(head, rows);
}

/** List for a screen: name and description in one row, arguments in the next. */
export function toolPages(tools: readonly ToolDescription[], alike: boolean, width: number): Promise<string> {
  const columns = columnsOf(alike);
  const rows = tools.flatMap((tool) => {
    const args = argumentsOf(tool);
    const first = [nameOf(tool), SUPPORT[tool.taskSupport], aboutOf(tool)];
    return args === '' ? [columns(first)] : [columns(first), columns(['', '', `  ${args}`])];
  });
  return table(columns(['TOOL', 'TASK', 'WHAT IT DOES, AND ITS ARGUMENTS']), rows, width);
}

function columnsOf(alike: boolean): (cells: readonly string[]) => readonly string[] {
  return (cells) => (alike ? cells.filter((_cell, at) => at !== 1) : cells);
}

const nameOf = ({ name }: ToolDescription): string => safeText(name);
const argumentsOf = (tool: ToolDescription): string =>
  safeText(argumentSignatures(tool).join(' '), { maxLength: 1_000 });
const aboutOf = ({ description, title }: ToolDescription): string =>
  safeText(description ?? title ?? '', { maxLength: 300 });
