import { type Connection, createTaskClient, isJsonObject, type ToolDescription } from '@mcp-tasks/client';
import { examineAgent } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import type { CommonFlags, Context } from '../../context.ts';
import { type ErrorReport, reportOf } from '../../display/error-report.ts';
import { createPrinter } from '../../display/printer.ts';
import { commandToPaste, quoteCommand, wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { describeTarget } from '../../display/task-document.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from '../../exit-codes.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { openStore } from '../../session/open-store.ts';
import { recordPages } from '../../session/record-pages.ts';
import { stateDirectory } from '../../state-directory.ts';
import { openConnection } from '../../targets/open-connection.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';
import { examineBridge } from './examine-bridge.ts';
import { examineJobs } from './examine-jobs.ts';
import type { Finding } from './finding.ts';

const MARKS = { ok: 'ok     ', missing: 'missing', failed: 'FAILED ' } as const;

/** Reports the negotiated features, the missing ones, and what to try next. */
export async function runDoctor(
  words: TargetWords,
  flags: CommonFlags & ConnectFlags,
  context: Context,
): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const findings: Finding[] = [];
  const note = (finding: Finding): void => {
    findings.push(finding);
    if (printer.json) return;
    printer.result(`${MARKS[finding.state]}  ${finding.check.padEnd(10)}  ${safeText(finding.detail)}`);
    if (finding.hint !== undefined) printer.result(`${' '.repeat(21)}${safeText(finding.hint)}`);
  };
  note(await examineRecords(context));
  const resolved = await resolveTarget(words, flags, context);
  note({ check: 'target', state: 'ok', detail: describeTarget(resolved.recorded ?? resolved.target) });
  for (const finding of await examineBridge(resolved, context).catch(() => [])) note(finding);
  const code = await examineServer(resolved, flags, context, note);
  if (printer.json) printer.document({ target: named(resolved), findings });
  else printer.line(nextStep(resolved, findings));
  return context.interrupt.aborted ? exitCodes.interrupted : code;
}

function nextStep(resolved: ResolvedTarget, findings: readonly Finding[]): string {
  if (findings.some((finding) => finding.state === 'failed')) return 'Try again with --verbose to see more.';
  return `Next: mcp-tasks tools ${commandToPaste(resolved.words)}`;
}

function named({ words }: ResolvedTarget): string {
  return words.length === 1 ? (words[0] ?? '') : quoteCommand(words);
}

async function examineRecords(context: Context): Promise<Finding> {
  try {
    const directory = stateDirectory(context);
    const { store } = await openStore(context, () => undefined);
    const counts = { all: 0, open: 0 };
    for await (const { records } of recordPages(store)) {
      counts.all += records.length;
      counts.open += records.filter((record) => record.phase !== 'settled').length;
    }
    await store.close();
    return { check: 'records', state: 'ok', detail: `${counts.all} in ${directory}, ${counts.open} open` };
  } catch (error) {
    const { message, hint } = reportOf(error);
    return { check: 'records', state: 'failed', detail: message, hint: hint ?? undefined };
  }
}

async function examineServer(
  resolved: ResolvedTarget,
  flags: CommonFlags & ConnectFlags,
  context: Context,
  note: (finding: Finding) => void,
): Promise<ExitCode> {
  const begun = context.now();
  let connection: Connection;
  try {
    connection = await openConnection(resolved, context, flags);
  } catch (error) {
    const report = reportOf(error);
    note({ check: 'connection', state: 'failed', detail: report.message, hint: connectionHint(resolved, report) });
    return exitCodeOfError(report.code);
  }
  const client = createTaskClient({ connection, store: createMemoryStore() });
  try {
    const { server, revision, capabilities, sessionId } = connection.negotiated;
    note({ check: 'connection', state: 'ok', detail: `answered in ${context.now() - begun} ms` });
    note({ check: 'server', state: 'ok', detail: `${server.name} ${server.version}` });
    const session = sessionId === undefined ? '' : ', in a session: its tasks may live only as long as that';
    note({ check: 'revision', state: 'ok', detail: `${revision}${session}` });
    const tools = await client.listTools({ signal: context.interrupt });
    if (resolved.target.kind === 'url' && resolved.target.protocol !== undefined) {
      const about = await examineAgent(connection, context.interrupt);
      about.forEach(note);
      if (about.some((finding) => finding.state === 'failed')) return exitCodes.unreachable;
    } else note(examineTasks(capabilities, tools));
    note({ check: 'tools', state: tools.length === 0 ? 'missing' : 'ok', detail: describeTools(tools) });
    for (const finding of await examineJobs(resolved, context, flags, server, tools)) note(finding);
    note(
      examineLifetime(resolved, hasTasks(capabilities) || tools.some(({ taskSupport }) => taskSupport !== 'forbidden')),
    );
    return exitCodes.completed;
  } catch (error) {
    const report = reportOf(error);
    note({ check: 'tools', state: 'failed', detail: report.message, hint: report.hint ?? undefined });
    return exitCodeOfError(report.code);
  } finally {
    await closeSoon(client, context);
  }
}

function examineTasks(
  capabilities: Connection['negotiated']['capabilities'],
  tools: readonly ToolDescription[],
): Finding {
  const { tasks } = capabilities;
  const hasExtension = declaresExtension(capabilities);
  if (!hasTasks(capabilities)) {
    const hint = 'Each call returns its result directly, however long it takes.';
    return { check: 'tasks', state: 'missing', detail: 'the server has no task support', hint };
  }
  const able = tools.filter((tool) => tool.taskSupport !== 'forbidden');
  const how = hasExtension ? 'as an extension, the server decides per call' : 'of the core protocol';
  const can = tasks !== undefined && isJsonObject(tasks) ? Object.keys(tasks).filter((key) => key !== 'requests') : [];
  const extra = can.length === 0 ? '' : `, with ${can.join(' and ')}`;
  if (able.length > 0) return { check: 'tasks', state: 'ok', detail: `${how}${extra}` };
  return { check: 'tasks', state: 'missing', detail: 'tasks are offered, but no tool can become one' };
}

type Capabilities = Connection['negotiated']['capabilities'];

function declaresExtension({ extensions }: Capabilities): boolean {
  return extensions !== undefined && isJsonObject(extensions) && extensions[EXTENSION] !== undefined;
}

function hasTasks(capabilities: Capabilities): boolean {
  return declaresExtension(capabilities) || capabilities.tasks !== undefined;
}

const EXTENSION = 'io.modelcontextprotocol/tasks';

function describeTools(tools: readonly ToolDescription[]): string {
  const able = tools.filter((tool) => tool.taskSupport !== 'forbidden').map((tool) => tool.name);
  if (able.length === 0) return `${tools.length}, none of which becomes a task`;
  const few = able.slice(0, 6).join(', ');
  const named = able.length === 0 ? '' : `: ${few}${able.length > 6 ? ', …' : ''}`;
  const isMixed = tools.some((tool) => tool.taskSupport !== 'optional');
  return `${tools.length}${isMixed ? `, of which ${able.length} can become tasks` : ''}${named}`;
}

/** Reports what happens to this target's tasks when the command exits. */
function examineLifetime(resolved: ResolvedTarget, makesTasks: boolean): Finding {
  if (!makesTasks) {
    const isKept = resolved.target.kind === 'command' && !resolved.isDemo;
    const detail = isKept
      ? 'a background process keeps the server until its calls are answered'
      : 'a call ends with the command that waits for it, and its answer is lost';
    return { check: 'leaving', state: 'ok', detail };
  }
  if (resolved.target.kind === 'url') {
    return { check: 'leaving', state: 'ok', detail: 'tasks go on at the server when this process ends' };
  }
  if (resolved.isDemo)
    return { check: 'leaving', state: 'ok', detail: 'tasks are on disk and continue with the next run' };
  const detail = 'a background process keeps the server until its tasks have settled';
  return { check: 'leaving', state: 'ok', detail, hint: 'mcp-tasks keepers lists those processes.' };
}

function connectionHint(resolved: ResolvedTarget, { code, hint }: ErrorReport): string | undefined {
  const isTyped = resolved.recorded === undefined;
  if (
    code === 'invalid-response' &&
    isTyped &&
    resolved.target.kind === 'url' &&
    resolved.target.protocol === undefined &&
    hint?.startsWith('This is an A2A agent') !== true &&
    !/\/(mcp|sse)\/?$/.test(resolved.target.url)
  ) {
    const url = resolved.target.url.replace(/\/?$/, '/mcp');
    return `Many servers live at /mcp: mcp-tasks doctor ${wordToPaste(url)}`;
  }
  return hint ?? undefined;
}
