import type { Person, TaskStore } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { CommonFlags, Context } from '../context.ts';
import { createPrinter, type Printer } from '../display/printer.ts';
import { safeText } from '../display/safe-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type OpenedStore, openStore, openStoreOrMemory } from './open-store.ts';
import { type PersonFlags, personOf } from './person-of.ts';
import { openSharedStore, type StoreFlags, sharedStoreOf } from './shared-store.ts';

/** What one run of a command has at hand. */
export interface Session<Flags extends CommonFlags = CommonFlags> {
  readonly context: Context;
  readonly flags: Flags;
  readonly printer: Printer;
  readonly store: TaskStore;
  readonly owner: string;
  /** The records are those of a fleet: its workers speak to the servers, and are reached by mail. */
  readonly isShared: boolean;
  /** Who uses the command, where they said so. */
  readonly person: Person | undefined;
  /** What could not be written, in words, once a record could not: then nobody finds its task here after us. */
  readonly unsaved: () => string | undefined;
  /** What is to be said of the records goes to this listener, and not to a terminal that shows a view, until it is given back. */
  readonly divertNotices: (listener: (text: string) => void) => () => void;
}

/** Opens the records, runs the command, and closes them however it ends. */
export async function withSession<Flags extends CommonFlags>(
  context: Context,
  flags: Flags,
  work: (session: Session<Flags>) => Promise<ExitCode>,
  options: { readonly mayLackStore?: boolean; readonly onShared?: 'refuse' | 'ignore' } = {},
): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const print = (text: string): void => printer.line(`warning: ${safeText(text)}`);
  let say = print;
  const shared = options.onShared === 'ignore' ? undefined : sharedStoreOf(context, flags as StoreFlags);
  if (shared !== undefined && options.onShared === 'refuse') throw onlyHere(context);
  const { store, owner, unsaved } = await open();
  const divertNotices: Session['divertNotices'] = (listener) => {
    say = listener;
    return () => {
      say = print;
    };
  };

  async function open(): Promise<OpenedStore> {
    if (shared !== undefined) {
      const store = await openSharedStore(shared, context, flags as StoreFlags);
      return { store, owner: '', unsaved: () => undefined };
    }
    return (options.mayLackStore === true ? openStoreOrMemory : openStore)(context, (text) => say(text));
  }

  try {
    return await work({
      context,
      flags,
      printer,
      store,
      owner,
      isShared: shared !== undefined,
      person: personOf(context, flags as PersonFlags),
      unsaved,
      divertNotices,
    });
  } finally {
    await store.close().catch(() => undefined);
  }
}

function onlyHere({ env }: Context): CliError {
  const hint = env.MCP_TASKS_STORE ? 'Unset MCP_TASKS_STORE to do it with the records of this machine.' : undefined;
  return new CliError('usage', 'That is not done on a shared store: its workers and hosts start tasks', hint);
}
