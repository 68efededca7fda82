import {
  type FollowedTask,
  type InputResponse,
  type JsonObject,
  openQuestions,
  own,
  type Question,
  type ServerIdentity,
  TaskError,
  type TaskRecord,
  type ToolDescription,
} from '@mcp-tasks/client';
import { queueForTerminal } from '../auth/terminal-queue.ts';
import { type CommonFlags, type Context, personTerminal, usesColor, usesUnicode } from '../context.ts';
import { answerCommands } from '../display/next-command.ts';
import { safeText } from '../display/safe-text.ts';
import type { PersonOptions, Undecided } from '../live/ink/run-question.ts';
import type { WorkUnderWay } from '../live/live-session.ts';
import { readQuestion } from '../live/state/read-question.ts';
import { openUrl } from '../live/world/open-url.ts';
import { pressEnter } from './press-enter.ts';
import type { OpenQuestion, PersonToAsk } from './question-queue.ts';
import { sendAnswer } from './send-answer.ts';
import type { Session } from './session.ts';
import { findWork } from './stop-children.ts';
import { createTerminalPrograms } from './terminal-programs.ts';

/** Shows forms to the person at the terminal. */
export interface Asker extends PersonToAsk {
  /** Fills in a tool's arguments with a form made from its input schema. */
  fillIn(server: ServerIdentity, tool: ToolDescription): Promise<JsonObject>;
}

/** Returns undefined without a terminal: then no form is shown and no question answered. */
export function createAsker(session: Session): Asker | undefined {
  const options = personOptions(session.context, session.flags);
  if (options === undefined) return undefined;
  const terminal = { ...options, drafts: new Map() };
  return {
    ask: (open) => askUntilAccepted(session, terminal, open),
    pressEnter: (signal) => pressEnter(session.context, signal),
    async fillIn(server, tool) {
      const { runCallForm } = await import('../live/ink/run-question.ts');
      const form = { ...terminal, tool, serverLabel: server.label };
      const given = await queueForTerminal(session.context, () => runCallForm(form));
      if (given === 'left') session.context.endSoon();
      if (typeof given === 'string') throw new TaskError('aborted', `Stopped; ${tool.name} was not called`);
      return given;
    },
  };
}

/** Prefers standard error: standard output may be redirected to a file. */
export function personOptions(context: Context, flags: CommonFlags): PersonOptions | undefined {
  const stdout = personTerminal(context, flags);
  if (stdout === undefined) return undefined;
  const stream = context.stderr.isTTY ? context.stderr : stdout;
  if (flags.json === true && stream === context.stdout) return undefined;
  const { stdin, interrupt } = context;
  const style = { ascii: !usesUnicode(context), color: usesColor(context, stream) };
  // Before the form sets raw mode, Ctrl-C arrives as a signal instead of a key.
  return {
    stdin,
    stdout: stream,
    ...style,
    clock: context.clock,
    signal: interrupt,
    programs: createTerminalPrograms(context),
  };
}

async function askUntilAccepted(
  session: Session,
  terminal: PersonOptions,
  { handle, question: first, signal }: OpenQuestion,
): Promise<'answered' | 'later' | 'left'> {
  const { printer } = session;
  const { key } = first;
  const why = unanswerableReason(first);
  if (why !== undefined) {
    printer.line(`${handle.id}  ${safeText(key)}: ${why}`);
    return 'later';
  }
  for (let isOpen = true; isOpen; isOpen = Object.hasOwn(openQuestions(handle.latest), key)) {
    const question = first.digest === own(handle.latest.ledger, key)?.digest ? first : await handle.question(key);
    const decision = await showForm(session, terminal, { handle, question, signal });
    if (decision === 'left') return 'left';
    if (typeof decision === 'string') {
      if (decision === 'later') printLaterAnswerHint(session, handle);
      return 'later';
    }
    if (await sendDecision(session, handle, question, decision)) return 'answered';
  }
  return 'later';
}

/** The command keeps waiting without a form, for an answer from another terminal or for Enter. */
function printLaterAnswerHint({ printer }: Session, { latest }: FollowedTask): void {
  for (const next of answerCommands(latest)) printer.line(next);
  printer.line('Enter shows the form again; Ctrl-C leaves, and the task keeps running');
}

/** Returns the reason why no form can answer the request (sampling, for example). */
function unanswerableReason({ request }: Question): string | undefined {
  const shown = readQuestion(request);
  return shown.kind === 'unanswerable' ? shown.why : undefined;
}

async function showForm(
  session: Session,
  terminal: PersonOptions,
  { handle, question, signal }: OpenQuestion,
): Promise<InputResponse | Undecided> {
  const { runQuestion } = await import('../live/ink/run-question.ts');
  const { context, printer } = session;
  const { key } = question;
  const release = printer.hold();
  try {
    const open = (url: string): Promise<void> => openUrl(url, context.platform);
    const either = AbortSignal.any([signal, context.interrupt]);
    const workUnderWay = async (): Promise<WorkUnderWay> => ({
      ids: (await findWork([handle.latest], session)).map(({ id }) => id),
      isKept: false,
    });
    const record = withReopened(handle.latest, question);
    const decision = await queueForTerminal(context, () =>
      runQuestion({ ...terminal, record, key, signal: either, openUrl: open, workUnderWay }),
    );
    if (decision === 'left') context.endSoon();
    return decision === 'withdrawn' && context.interrupt.aborted ? 'left' : decision;
  } finally {
    release();
  }
}

/** The record with this question open, even if it was answered: the person may answer it again. */
function withReopened(record: TaskRecord, { key, request, digest }: Question): TaskRecord {
  const inputRequests = { ...record.inputRequests, [key]: request };
  return { ...record, inputRequests, ledger: { ...record.ledger, [key]: { state: 'open', digest } } };
}

/** Sends the answer; resolves to false when it was refused. */
async function sendDecision(
  session: Session,
  handle: FollowedTask,
  question: Question,
  response: InputResponse,
): Promise<boolean> {
  const { printer } = session;
  try {
    await sendAnswer(session, handle, question, response);
    printer.line(`${handle.id}  ${safeText(question.key)}: ${response.action}`);
    return true;
  } catch (error) {
    printer.line(`${handle.id}  ${safeText(error instanceof Error ? error.message : String(error))}`);
    return false;
  }
}

/** Shows one question as a form outside of `followTask` and returns the decision without sending it. */
export async function askOnce(
  session: Session,
  handle: FollowedTask,
  question: Question,
): Promise<InputResponse | Undecided> {
  const terminal = personOptions(session.context, session.flags);
  if (terminal === undefined) return 'later';
  const { key } = question;
  const why = unanswerableReason(question);
  if (why !== undefined) {
    session.printer.line(`${handle.id}  ${safeText(key)}: ${why}`);
    return 'later';
  }
  const gone = new AbortController();
  const { state } = own(handle.latest.ledger, key) ?? {};
  void (async () => {
    for await (const _update of handle.updates()) {
      const entry = own(handle.latest.ledger, key);
      if (entry?.state !== state || entry?.digest !== question.digest) gone.abort();
    }
  })();
  return showForm(session, terminal, { handle, question, signal: gone.signal });
}
