import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { identify } from '@mcp-tasks/client/connect';
import { type BridgeCommand, editHostFile } from '../../bridge/edit-host-file.ts';
import { HOST_NAMES, type HostFile, hostFile, type Scope } from '../../bridge/host-files.ts';
import { CliError } from '../../cli-error.ts';
import { type CommonFlags, type Context, personTerminal } from '../../context.ts';
import { nearest } from '../../did-you-mean.ts';
import { createPrinter } from '../../display/printer.ts';
import { safeText } from '../../display/safe-text.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { DEMO } from '../../targets/demo-target.ts';
import { readYes } from '../../targets/read-yes.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import { shortPath } from '../../targets/short-path.ts';
import { ownCommand, typedCommand } from './own-command.ts';

export interface InstallFlags extends CommonFlags {
  readonly scope: Scope;
  readonly name?: string;
  readonly yes?: boolean;
}

/** Writes the bridge of a server into a host's configuration after the person has confirmed the change. */
export async function runInstall(
  host: string,
  words: TargetWords,
  flags: InstallFlags,
  context: Context,
): Promise<ExitCode> {
  const resolved = await resolveTarget(words, {}, context);
  const own = await ownCommand(context);
  const entry = { command: own.command, args: [...own.args, 'bridge', ...resolved.words] };
  const name = flags.name ?? nameFor(resolved.words);
  assertOtherName(name, resolved.words);
  return changeEntry(findHost(host, flags.scope, context), name, entry, flags, context);
}

export function runUninstall(host: string, name: string, flags: InstallFlags, context: Context): Promise<ExitCode> {
  return changeEntry(findHost(host, flags.scope, context), name, undefined, flags, context);
}

function findHost(host: string, scope: Scope, context: Context): HostFile {
  const file = hostFile(host, scope, context);
  if (file !== undefined) return file;
  if (HOST_NAMES.includes(host))
    throw new CliError('usage', `${host} has no configuration of projects`, 'Use --scope user.');
  const close = nearest(host, HOST_NAMES);
  const hint =
    close === undefined ? `Known: ${HOST_NAMES.join(', ')}` : `Did you mean ${close}? Known: ${HOST_NAMES.join(', ')}`;
  throw new CliError('usage', `No host is called "${safeText(host)}"`, hint);
}

/** A name valid in every host: letters, digits and dashes. It differs from the name of the bridged server. */
function nameFor(words: readonly string[]): string {
  const name = namedBy(words)
    .replace(/[^\w]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name || 'server';
}

function namedBy(words: readonly string[]): string {
  const [first = ''] = words;
  if (first === '--') {
    const [command = '', ...args] = words.slice(1);
    return identify({ kind: 'command', command, args }).label;
  }
  if (first === DEMO) return 'mcp-tasks-demo';
  const place = first.replace(/^a2a:/, '');
  return URL.canParse(place) ? new URL(place).hostname : `${configuredName(first)}-bridge`;
}

/** Server name in `file.json:name`, or the word itself. */
function configuredName(word: string): string {
  return word.split(':').at(-1) ?? word;
}

/** Refuses an entry with the configured server's name: the bridge looks that name up and would find itself. */
function assertOtherName(name: string, words: readonly string[]): void {
  const [first = ''] = words;
  if (words.length > 1 || name !== configuredName(first)) return;
  const hint = `Leave --name out: the bridge is then called ${nameFor(words)}.`;
  throw new CliError('usage', `"${safeText(name)}" is the server itself: its bridge needs another name`, hint);
}

async function changeEntry(
  file: HostFile,
  name: string,
  entry: BridgeCommand | undefined,
  flags: InstallFlags,
  context: Context,
): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const path = shortPath(file, context);
  const before = await readFile(file.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const after = editHostFile(before, file, name, entry);
  if (after === before) {
    if (entry === undefined) throw noEntry(before, file, name, path);
    printer.line(`${file.host} already has this bridge: ${path}`);
    return exitCodes.completed;
  }
  printer.line(`${entry === undefined ? 'Removes from' : 'Writes into'} ${path} (${file.host}):`);
  for (const line of changedLines(before, after)) printer.line(`  ${safeText(line)}`);
  if (flags.yes !== true && !(await isAgreed(context, flags))) {
    printer.line('Nothing was changed.');
    return exitCodes.completed;
  }
  await mkdir(dirname(file.path), { recursive: true });
  const draft = `${file.path}.mcp-tasks-${context.pid}`;
  await writeFile(draft, after, { mode: 0o600 });
  await rename(draft, file.path);
  printer.line(
    entry === undefined ? `Removed "${name}".` : `Restart ${file.host}; then its calls of "${name}" are durable.`,
  );
  const typed = await typedCommand(context);
  printer.line(entry === undefined ? `See what runs: ${typed} list` : `See what runs, and answer: ${typed} watch`);
  return exitCodes.completed;
}

/** The error for a missing entry; given the server's name, it suggests the name of the bridge. */
function noEntry(text: string, file: HostFile, name: string, path: string): CliError {
  const bridge = nameFor([name]);
  const isThere = editHostFile(text, file, bridge, undefined) !== text;
  const hint = isThere ? `Did you mean ${bridge}?` : 'List its servers: mcp-tasks servers';
  return new CliError('usage', `${path} of ${file.host} has no entry "${safeText(name)}"`, hint);
}

/** Removed and added lines, shown for confirmation. */
function changedLines(before: string, after: string): readonly string[] {
  const old = new Set(before.split('\n'));
  const fresh = new Set(after.split('\n'));
  const removed = before.split('\n').filter((line) => line.trim() !== '' && !fresh.has(line));
  const added = after.split('\n').filter((line) => line.trim() !== '' && !old.has(line));
  return [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
}

async function isAgreed(context: Context, flags: CommonFlags): Promise<boolean> {
  const terminal = personTerminal(context, flags);
  if (terminal === undefined) {
    throw new CliError('usage', 'No terminal to ask in; nothing was changed', 'Write it without asking: add --yes');
  }
  terminal.write('Write it? [y/N] ');
  return readYes(context);
}
