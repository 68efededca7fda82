import type { ToolDescription } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../../context.ts';
import { createPrinter } from '../../display/printer.ts';
import { commandToPaste, looksLikeFlag, wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { toolDetail } from '../../display/tool-detail.ts';
import { toolPages, toolTable } from '../../display/tool-table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jobsOf } from '../../jobs/jobs-of.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { toolNamed } from '../../session/find-tool.ts';
import { openConnection } from '../../targets/open-connection.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';
import { rememberTools } from '../../targets/seen-tools.ts';

const ALL = {
  forbidden: 'No tool becomes a task: each call returns its result directly, however long it takes.',
  optional: 'Any call may become a task: the server decides.',
  required: 'Each call becomes a task.',
} as const;

/** Lists a server's tools and which of them support tasks. Opens no records. */
export async function runTools(
  words: TargetWords,
  name: string | undefined,
  flags: CommonFlags & ConnectFlags,
  context: Context,
): Promise<ExitCode> {
  const resolved = await resolveTarget(words, flags, context);
  const jobs = await jobsOf(resolved, context, flags);
  const connection = await openConnection(resolved, context, flags);
  const printer = createPrinter(context, flags);
  const [{ createTaskClient }, { createMemoryStore }] = await Promise.all([
    import('@mcp-tasks/client'),
    import('@mcp-tasks/client/memory-store'),
  ]);
  const client = createTaskClient({ connection, store: createMemoryStore(), jobs: jobs.of });
  try {
    const tools = await client.listTools({ signal: context.interrupt });
    await rememberTools(context, resolved, tools);
    const { identity, negotiated } = connection;
    if (name !== undefined) {
      const tool = toolNamed(tools, name, identity.label, resolved.words);
      if (printer.json) printer.document({ server: identity.label, revision: negotiated.revision, tool });
      else printer.result(toolDetail(tool));
      const call = callExample(resolved.words, tool);
      if (call !== undefined) printer.line(`Call it: ${call}`);
      return exitCodes.completed;
    }
    if (printer.json) {
      printer.document({ server: identity.label, revision: negotiated.revision, tools });
      return exitCodes.completed;
    }
    printer.line(
      `${safeText(identity.label)}: ${safeText(negotiated.server.name)} ${safeText(negotiated.server.version)}, ${negotiated.revision}`,
    );
    const width = context.stdout.isTTY ? context.stdout.columns : undefined;
    // Omit a column that is equal in every row.
    const alike = new Set(tools.map((tool) => tool.taskSupport)).size < 2;
    printer.result(await (width === undefined ? toolTable(tools, alike) : toolPages(tools, alike, width)));
    for (const note of jobs.unconfirmed()) printer.line(note);
    const first = tools.find((tool) => tool.taskSupport !== 'forbidden') ?? tools[0];
    if (first !== undefined && alike) printer.line(ALL[first.taskSupport]);
    const example = first === undefined ? undefined : callExample(resolved.words, first);
    if (example !== undefined) printer.line(`Call one: ${example}`);
    if (first !== undefined && !looksLikeFlag(first.name)) {
      printer.line(`Look at one: ${toolsCommand(resolved.words, first.name)}`);
    }
    return exitCodes.completed;
  } finally {
    await closeSoon(client, context);
  }
}

function toolsCommand(target: readonly string[], name: string): string {
  const [tool, server] = [wordToPaste(name), commandToPaste(target)];
  return `mcp-tasks tools ${target[0] === '--' ? `${tool} ${server}` : `${server} ${tool}`}`;
}

/** Example call; a command after `--` comes last. Undefined when the name would be read as a flag. */
function callExample(target: readonly string[], { name, inputSchema }: ToolDescription): string | undefined {
  if (looksLikeFlag(name)) return undefined;
  const required = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  const tool = [wordToPaste(name), ...required.map((each) => `--arg ${wordToPaste(String(each))}=…`)].join(' ');
  const server = commandToPaste(target);
  return `mcp-tasks call ${target[0] === '--' ? `${tool} ${server}` : `${server} ${tool}`}`;
}
