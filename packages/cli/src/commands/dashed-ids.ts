import type { TaskStore } from '@mcp-tasks/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';

interface Words {
  readonly own: readonly string[];
  readonly command: readonly string[] | undefined;
}

/**
 * Task ids are chosen by servers and may start like a flag. A word that is not a flag of the command but a prefix of a
 * task id names that task, as does any word after `--`: these commands start no server.
 */
export async function readDashedIds(
  { own, command }: Words,
  program: Command,
  context: Context,
): Promise<readonly string[]> {
  const [name = ''] = own;
  const declared = program.commands.find((each) => each.name() === name);
  if (declared?.registeredArguments[0]?.name() !== 'id') return own;
  const dashed = own.filter((word, at) => at > 0 && isUnknownFlag(declared, word, own[at - 1]));
  const afterDashes = command ?? [];
  if (dashed.length === 0 && afterDashes.length === 0) return own;
  const { openStore } = await import('../session/open-store.ts');
  const { store } = await openStore(context, () => undefined);
  try {
    const known = new Map<string, string>();
    for (const word of dashed)
      if ((await store.find(word)).records.length > 0) known.set(word, await idOf(store, word));
    const ids = await Promise.all(afterDashes.map((word) => idOf(store, word)));
    return [...own.map((word) => known.get(word) ?? word), ...ids];
  } finally {
    await store.close();
  }
}

/** The local id, which never starts with a dash. */
async function idOf(store: TaskStore, word: string): Promise<string> {
  const { findRecord } = await import('../session/find-record.ts');
  return (await findRecord(store, word)).id;
}

function isUnknownFlag(command: Command, word: string, before: string | undefined): boolean {
  if (!word.startsWith('-') || word === '-') return false;
  const option = (text: string) => command.options.find((each) => each.long === text || each.short === text);
  const takesValue = option(before ?? '')?.required === true;
  const [flag = ''] = word.split('=');
  return (
    !takesValue &&
    option(flag) === undefined &&
    option(word.slice(0, 2)) === undefined &&
    word !== '--help' &&
    word !== '-h'
  );
}
