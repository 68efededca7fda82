import { own, type RecordFilter, type TaskRecord } from '@mcp-tasks/client';
import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { questionsForPeople } from '../../display/question-text.ts';
import { isSafeToComplete } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { openStore } from '../../session/open-store.ts';
import { listConfigured } from '../../targets/find-configured.ts';
import { seenTools } from '../../targets/seen-tools.ts';
import { urlWords } from '../../targets/url-words.ts';

interface Candidate {
  readonly word: string;
  readonly about?: string | undefined;
  /** A word of mcp-tasks itself, not a name from a server or file. */
  readonly own?: true;
}

const TAKES_TARGET = new Set(['watch', 'call', 'tools', 'doctor', 'list', 'logout']);
const TAKES_ID = new Set(['rerun', 'get', 'result', 'wait', 'answer', 'cancel', 'forget']);

/** Candidates for the last word, one per line, with a description after a tab. Unsafe ones are omitted. */
export async function completeWords(words: readonly string[], program: Command, context: Context): Promise<string> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const found = before.includes('--') ? [] : await candidates(before, typed, program, context);
  return found
    .filter(({ word, own }) => word.startsWith(typed) && (own === true || isSafeToComplete(word)))
    .map(({ word, about }) => (about === undefined ? `${word}\n` : `${word}\t${safeText(about, { maxLength: 60 })}\n`))
    .join('');
}

async function candidates(
  before: readonly string[],
  typed: string,
  program: Command,
  context: Context,
): Promise<readonly Candidate[]> {
  const [name] = before;
  const commands = program.commands
    .filter((command) => !command.name().startsWith('_'))
    .map((command) => ({ word: command.name(), about: command.description() }));
  if (name === undefined) return commands;
  if (name === 'help') return before.length === 1 ? [...commands, { word: 'exit-codes' }, { word: 'config' }] : [];
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) return [];
  if (typed.startsWith('-')) {
    return command.options.map((option) => ({
      word: option.long ?? option.flags,
      about: option.description,
      own: true,
    }));
  }
  const operands = operandsOf(command, before.slice(1));
  if (name === 'call' && before.at(-1) === '--arg') return argumentWords(operands, typed, context);
  if (name === 'completion') return ['bash', 'zsh', 'fish'].map((word) => ({ word }));
  if (TAKES_TARGET.has(name) && (operands.length === 0 || name === 'watch')) return targets(context);
  if ((name === 'call' || name === 'tools') && operands.length === 1) return toolNames(operands[0] ?? '', context);
  if (name === 'answer' && operands.length === 1) return questionKeys(operands[0] ?? '', context);
  if (TAKES_ID.has(name) && (operands.length === 0 || name === 'wait' || name === 'forget')) return ids(name, context);
  return [];
}

/** Words that are neither flags nor values of flags. */
function operandsOf(command: Command, words: readonly string[]): readonly string[] {
  return words.filter((word, at) => {
    if (word.startsWith('-')) return false;
    const last = words[at - 1];
    const option = command.options.find((each) => each.long === last || each.short === last);
    return option === undefined || !(option.required || option.optional);
  });
}

async function targets(context: Context): Promise<readonly Candidate[]> {
  const configured = await listConfigured(context);
  const records = await readRecords(context, {});
  const urls = records.flatMap(({ server }) => (server.target.kind === 'url' ? [urlWords(server.target)] : []));
  return [
    { word: 'demo', about: 'the bundled server' },
    ...Object.keys(context.settings?.aliases ?? {}).map((word) => ({ word, about: 'your alias' })),
    ...configured.map(({ name, file }) => ({ word: name, about: file.host })),
    ...[...new Set(urls)].map((word) => ({ word, about: 'known from records' })),
  ];
}

/** Tool names from earlier commands: completion sends no requests. */
async function toolNames(target: string, context: Context): Promise<readonly Candidate[]> {
  return (await seenTools(context, target)).map(({ name, about }) => ({
    word: name,
    about: about === '' ? undefined : about,
  }));
}

/** `name=`, completed with the allowed values of the argument. */
async function argumentWords(
  [target = '', tool]: readonly string[],
  typed: string,
  context: Context,
): Promise<readonly Candidate[]> {
  const args = (await seenTools(context, target)).find(({ name }) => name === tool)?.args ?? [];
  return args.flatMap(({ name, values }) =>
    typed.startsWith(`${name}=`) ? values.map((value) => ({ word: `${name}=${value}` })) : [{ word: `${name}=` }],
  );
}

async function ids(command: string, context: Context): Promise<readonly Candidate[]> {
  const filters: Readonly<Record<string, RecordFilter>> = {
    wait: { open: true },
    cancel: { open: true },
    answer: { asking: true },
  };
  const records = await readRecords(context, own(filters, command) ?? {});
  return records
    .filter((record) => command !== 'cancel' || record.phase === 'open')
    .map(({ id, tool, server, status }) => ({ word: id, about: `${tool} on ${server.label}, ${status}` }));
}

async function questionKeys(reference: string, context: Context): Promise<readonly Candidate[]> {
  const { store } = await openStore(context, () => undefined);
  const [record] = reference === '' ? [] : (await store.find(reference)).records;
  await store.close();
  return record === undefined ? [] : Object.keys(questionsForPeople(record)).map((word) => ({ word }));
}

/** Maximum number of candidates. */
const MOST = 500;

async function readRecords(context: Context, filter: RecordFilter): Promise<readonly TaskRecord[]> {
  const { store } = await openStore(context, () => undefined);
  const { records } = await store.list(filter, { limit: MOST });
  await store.close();
  return records;
}
