import type { Person, TaskStore } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { CommonFlags, Context } from '../context.ts';
import { createPrinter, type Printer } from '../display/printer.ts';
import { safeText } from '../display/safe-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type OpenedStore, openStore, openStoreOrMemory } from './open-store.ts';
import { type PersonFlags, personOf } from './person-of.ts';
import { openSharedStore, type StoreFlags, sharedStoreOf } from './shared-store.ts';

/** Context of one command run. */
export interface Session<Flags extends CommonFlags = CommonFlags> {
  readonly context: Context;
  readonly flags: Flags;
  readonly printer: Printer;
  readonly store: TaskStore;
  readonly owner: string;
  /** True for a shared store: its workers connect to the servers and receive mail. */
  readonly isShared: boolean;
  /** The person who uses the command, if they gave a name. */
  readonly person: Person | undefined;
  /** Text about the record that could not be saved, if any: later processes cannot find its task. */
  readonly unsaved: () => string | undefined;
  /**
   * Sends notices about the records to this listener instead of a terminal with a view, until the returned function is
   * called.
   */
  readonly divertNotices: (listener: (text: string) => void) => () => void;
}

export interface SessionOptions {
  readonly mayLackStore?: boolean;
  readonly onShared?: 'refuse' | 'ignore';
  /** Receives notices about the records. @default prints them */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** Opens the store, runs the command, and closes the store in every case. */
export async function withSession<Flags extends CommonFlags>(
  context: Context,
  flags: Flags,
  work: (session: Session<Flags>) => Promise<ExitCode>,
  options: SessionOptions = {},
): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const print = options.onNotice ?? ((text: string): void => printer.line(`warning: ${safeText(text)}`));
  let notify = print;
  const shared = options.onShared === 'ignore' ? undefined : sharedStoreOf(context, flags as StoreFlags);
  if (shared !== undefined && options.onShared === 'refuse') throw sharedStoreRefused(context);
  const { store, owner, unsaved } = await open();
  const divertNotices: Session['divertNotices'] = (listener) => {
    notify = listener;
    return () => {
      notify = print;
    };
  };

  async function open(): Promise<OpenedStore> {
    if (shared !== undefined) {
      const store = await openSharedStore(shared, context, flags as StoreFlags);
      return { store, owner: '', unsaved: () => undefined };
    }
    return (options.mayLackStore === true ? openStoreOrMemory : openStore)(context, (text) => notify(text));
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

function sharedStoreRefused({ env }: Context): CliError {
  const hint = env.MCP_TASKS_STORE ? 'Unset MCP_TASKS_STORE to use the records of this machine.' : undefined;
  return new CliError('usage', 'Tasks of a shared store are started by its workers and hosts, not here', hint);
}
