import {
  type InputResponse,
  type JsonObject,
  openQuestions,
  type ServerIdentity,
  TaskError,
  type TaskHandle,
  type TaskRecord,
  type ToolDescription,
} from '@mcp-tasks/client';
import { takeTurn } from '../auth/terminal-turn.ts';
import { type CommonFlags, type Context, personTerminal, usesColor, usesUnicode } from '../context.ts';
import { answerCommands } from '../display/next-command.ts';
import { safeText } from '../display/safe-text.ts';
import type { PersonOptions, Undecided } from '../live/ink/run-question.ts';
import { readQuestion } from '../live/state/questions.ts';
import { own } from '../own.ts';
import type { AskPerson, Question } from './follow-task.ts';
import type { Session } from './session.ts';

/** A person at a terminal, who can be shown forms. */
export interface Asker {
  readonly ask: AskPerson;
  /** The arguments of a tool, from a form made of its input schema. */
  fillIn(server: ServerIdentity, tool: ToolDescription): Promise<JsonObject>;
}

/** Nobody, where there is no terminal: then nothing is ever asked, and nothing answered. */
export function createAsker(session: Session): Asker | undefined {
  const terminal = personOptions(session.context, session.flags);
  if (terminal === undefined) return undefined;
  return {
    ask: (question) => askUntilTaken(session, terminal, question),
    async fillIn(server, tool) {
      const { runCallForm } = await import('../live/ink/run-question.ts');
      const form = { ...terminal, tool, serverLabel: server.label };
      const given = await takeTurn(session.context, () => runCallForm(form));
      if (given === 'left') session.context.endSoon();
      if (typeof given === 'string') throw new TaskError('aborted', `Left; ${tool.name} was not called`);
      return given;
    },
  };
}

/** On standard error where possible: results may be on their way to a file. */
export function personOptions(context: Context, flags: CommonFlags): PersonOptions | undefined {
  const stdout = personTerminal(context, flags);
  if (stdout === undefined) return undefined;
  const stream = context.stderr.isTTY ? context.stderr : stdout;
  if (flags.json === true && stream === context.stdout) return undefined;
  const { stdin, now, interrupt } = context;
  const looks = { ascii: !usesUnicode(context), color: usesColor(context, stream) };
  // Ctrl-C just before the form takes the keyboard is a signal, and no key.
  return { stdin, stdout: stream, ...looks, now, signal: interrupt };
}

async function askUntilTaken(
  session: Session,
  terminal: PersonOptions,
  question: Question,
): Promise<'answered' | 'later' | 'left'> {
  const { printer } = session;
  const { handle, key } = question;
  const why = whyUnanswerable(question);
  if (why !== undefined) {
    printer.line(`${handle.id}  ${safeText(key)}: ${why}`);
    return 'later';
  }
  for (;;) {
    const shown = own(handle.record.inputRequests, key);
    const decision = await showForm(session, terminal, question);
    if (decision === 'left') return 'left';
    if (typeof decision === 'string') {
      if (decision === 'later') for (const next of answerCommands(handle.record)) printer.line(next);
      return 'later';
    }
    if (await send(session, { handle, key, request: shown ?? question.request }, decision)) return 'answered';
    if (!isOpen(handle.record, key)) return 'later';
  }
}

/** Sampling and the like: no form could answer them. */
function whyUnanswerable({ request }: Pick<Question, 'request'>): string | undefined {
  const question = readQuestion(request);
  return question.kind === 'unanswerable' ? question.why : undefined;
}

async function showForm(
  session: Session,
  terminal: PersonOptions,
  { handle, key, signal }: Pick<Question, 'handle' | 'key' | 'signal'>,
): Promise<InputResponse | Undecided> {
  const [{ runQuestion }, { openUrl }] = await Promise.all([
    import('../live/ink/run-question.ts'),
    import('../live/world/open-url.ts'),
  ]);
  const { context, printer } = session;
  const release = printer.hold();
  try {
    const open = (url: string): Promise<void> => openUrl(url, context.platform);
    const either = AbortSignal.any([signal, context.interrupt]);
    const decision = await takeTurn(context, () =>
      runQuestion({ ...terminal, record: putAgain(handle.record, key), key, signal: either, openUrl: open }),
    );
    if (decision === 'left') context.endSoon();
    return decision === 'withdrawn' && context.interrupt.aborted ? 'left' : decision;
  } finally {
    release();
  }
}

/** As if it had not been answered: whoever asks for the form of such a question means it. */
function putAgain(record: TaskRecord, key: string): TaskRecord {
  const entry = own(record.ledger, key);
  if (entry === undefined || entry.state === 'open') return record;
  return { ...record, ledger: { ...record.ledger, [key]: { state: 'open', digest: entry.digest } } };
}

/** False when the answer was not taken. */
async function send(
  session: Session,
  { handle, key, request }: Pick<Question, 'handle' | 'key' | 'request'>,
  response: InputResponse,
): Promise<boolean> {
  const { printer, context } = session;
  try {
    await handle.answer(key, response, { signal: context.interrupt, question: request });
    printer.line(`${handle.id}  ${safeText(key)}: ${response.action}`);
    return true;
  } catch (error) {
    printer.line(`${handle.id}  ${safeText(error instanceof Error ? error.message : String(error))}`);
    return false;
  }
}

function isOpen(record: TaskRecord, key: string): boolean {
  return Object.hasOwn(openQuestions(record), key);
}

/** One question as a form, outside of any waiting: what was decided, not sent yet. */
export async function askOnce(session: Session, handle: TaskHandle, key: string): Promise<InputResponse | Undecided> {
  const terminal = personOptions(session.context, session.flags);
  const { record } = handle;
  const request = own(record.inputRequests, key);
  if (terminal === undefined || request === undefined) return 'later';
  const why = whyUnanswerable({ request });
  if (why !== undefined) {
    session.printer.line(`${handle.id}  ${safeText(key)}: ${why}`);
    return 'later';
  }
  const gone = new AbortController();
  const { state } = own(record.ledger, key) ?? {};
  void (async () => {
    for await (const _update of handle.updates()) if (own(handle.record.ledger, key)?.state !== state) gone.abort();
  })();
  return showForm(session, terminal, { handle, key, signal: gone.signal });
}
