import type { TaskStore } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../context.ts';
import { createPrinter, type Printer } from '../display/printer.ts';
import { safeText } from '../display/safe-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openStore, openStoreOrMemory } from './open-store.ts';

/** What one run of a command has at hand. */
export interface Session<Flags extends CommonFlags = CommonFlags> {
  readonly context: Context;
  readonly flags: Flags;
  readonly printer: Printer;
  readonly store: TaskStore;
  readonly owner: string;
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
  options: { readonly mayLackStore?: boolean } = {},
): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const open = options.mayLackStore === true ? openStoreOrMemory : openStore;
  const print = (text: string): void => printer.line(`warning: ${safeText(text)}`);
  let say = print;
  const { store, owner, unsaved } = await open(context, (text) => say(text));
  const divertNotices: Session['divertNotices'] = (listener) => {
    say = listener;
    return () => {
      say = print;
    };
  };
  try {
    return await work({ context, flags, printer, store, owner, unsaved, divertNotices });
  } finally {
    await store.close().catch(() => undefined);
  }
}
