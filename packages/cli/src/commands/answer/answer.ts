import {
  audienceOf,
  type FollowedTask,
  type InputResponse,
  isInAudience,
  openQuestions,
  own,
  type Question,
  TaskError,
  type TaskRecord,
} from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { type CommonFlags, type Context, personTerminal } from '../../context.ts';
import { nearest } from '../../did-you-mean.ts';
import { answerArguments, nextCommands } from '../../display/next-command.ts';
import { questionsForPeople, questionText } from '../../display/question-text.ts';
import { safeText } from '../../display/safe-text.ts';
import { describeRecord } from '../../display/task-document.ts';
import { outcomeLine } from '../../display/task-lines.ts';
import { type ExitCode, exitCodeOfOutcome, exitCodes } from '../../exit-codes.ts';
import { askOnce } from '../../session/ask-in-terminal.ts';
import { awaitQuestion, keepStream } from '../../session/await-question.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { openTask } from '../../session/open-task.ts';
import { listedAgain, repeatableQuestions } from '../../session/repeatable-questions.ts';
import { sendAnswer } from '../../session/send-answer.ts';
import { type Session, withSession } from '../../session/session.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';
import { fileArgument, takesFiles } from '../local-file.ts';
import { answeredBefore } from './answered-before.ts';
import { type ResponseFlags, readResponse } from './read-response.ts';

export interface AnswerFlags extends CommonFlags, ConnectFlags, ResponseFlags {
  /** Includes answered questions that are still listed. */
  readonly again?: boolean;
  /** Digest of the question that was read elsewhere: a changed question is not answered. */
  readonly question?: string;
}

export function runAnswer(
  reference: string | undefined,
  key: string | undefined,
  flags: AnswerFlags,
  context: Context,
): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const [found] = await chooseRecords(session, reference === undefined ? [] : [reference], {
      title: 'Answer which task?',
      none: 'No task on record asks for input',
      filter: { open: true },
      offer: (record) =>
        Object.keys({ ...openQuestions(record), ...repeatableQuestions(record, context.now()) }).some((each) =>
          isInAudience(audienceOf(record, each), session.person),
        ),
    });
    if (found === undefined) return exitCodes.usage;
    const { client, handle, isConnected } = await openTask(session, found);
    try {
      await awaitQuestion(session, handle);
      if (!isDecided(flags)) return await askPerson(session, handle, key);
      const again = flags.again === true;
      const wanted = key ?? keyOfDigest(handle.latest, flags.question);
      const name = chooseQuestion(handle.latest, wanted, again ? 'again' : 'once', context.now());
      const question = await readOrShow(session, handle, () => handle.question(name, flags.question));
      const given = await withFiles(flags, found, context);
      const response = readResponse(given, name, question.request, session.printer.line);
      await sendOrShow(session, handle, question, response, again);
      return reportAnswer(session, handle.latest, name, response);
    } finally {
      if (isConnected()) await keepStream(context, handle);
      await closeSoon(client, context);
    }
  });
}

/** Expands `--accept file=@path`, which sends a file to an A2A agent. */
async function withFiles(flags: AnswerFlags, { server }: TaskRecord, context: Context): Promise<AnswerFlags> {
  const { accept } = flags;
  if (accept === undefined || !takesFiles(server.target)) return flags;
  const named = accept.map(async (pair) => (await fileArgument(pair, '--accept', context)) ?? pair);
  return { ...flags, accept: await Promise.all(named) };
}

function isDecided(flags: AnswerFlags): boolean {
  const { accept, decline, cancel, content } = flags;
  return accept !== undefined || decline === true || cancel === true || content !== undefined;
}

/** Key of the open question with this digest, if the script gave no key. @throws {CliError} when none is open */
function keyOfDigest({ id, ledger, inputRequests }: TaskRecord, digest: string | undefined): string | undefined {
  if (digest === undefined) return undefined;
  const key = Object.keys(inputRequests).find((each) => own(ledger, each)?.digest === digest);
  if (key !== undefined) return key;
  const hint = `Read what it asks now: mcp-tasks get ${id}`;
  throw new CliError('question-changed', `Task ${id} has no question of this digest; nothing was sent`, hint);
}

function sendOrShow(
  session: Session,
  handle: FollowedTask,
  question: Question,
  response: InputResponse,
  again: boolean,
): Promise<void> {
  return readOrShow(session, handle, () => sendAnswer(session, handle, question, response, { again }));
}

/** If the server changed the question meanwhile, sends nothing and shows the new one. */
async function readOrShow<T>(session: Session, handle: FollowedTask, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (TaskError.is(error) && error.code === 'question-changed') {
      for (const [key, request] of Object.entries(openQuestions(handle.latest)))
        session.printer.line(`${handle.id}  asks ${safeText(key)}: ${questionText(request)}`);
      for (const next of nextCommands(handle.latest, { status: 'input_required' })) session.printer.line(next);
    }
    throw error;
  }
}

/** Key of the question to answer. */
function chooseQuestion(record: TaskRecord, key: string | undefined, how: 'once' | 'again', now: number): string {
  const answered = listedAgain(record);
  const open = { ...openQuestions(record), ...(how === 'again' ? answered : {}) };
  const names = Object.keys(open);
  const listed = names.map((name) => safeText(name)).join(', ');
  if (record.outcome !== null) {
    const hint = `Its result: mcp-tasks result ${record.id}`;
    throw new CliError('already-settled', `Task ${record.id} has ended: ${record.outcome.status}`, hint);
  }
  const [before] = key === undefined ? Object.keys(answered) : [key].filter((each) => Object.hasOwn(answered, each));
  if (before !== undefined && (names.length === 0 || key !== undefined) && !Object.hasOwn(open, before)) {
    const { words, isListed } = answeredBefore(record, before, now);
    const again = `Answer it again: mcp-tasks answer ${answerArguments(record.id, before)} --again`;
    const next = isListed ? again : `Wait for it: mcp-tasks wait ${record.id}`;
    throw new CliError('question-not-open', `Question "${safeText(before)}" of task ${record.id} ${words}`, next);
  }
  if (names.length === 0) {
    const hint = `Wait for it: mcp-tasks wait ${record.id}`;
    throw new CliError('question-not-open', `Task ${record.id} has no open question`, hint);
  }
  if (key === undefined && names.length > 1) {
    throw new CliError('usage', `Task ${record.id} asks ${names.length} questions: ${listed}`, 'Say which one.');
  }
  const name = key ?? names[0] ?? '';
  if (Object.hasOwn(open, name)) return name;
  const near = nearest(name, names);
  const hint = near === undefined ? `Open questions: ${listed}` : `Did you mean ${safeText(near)}?`;
  throw new CliError('question-not-open', `Task ${record.id} has no open question "${name}"`, hint);
}

async function askPerson(
  session: Session<AnswerFlags>,
  handle: FollowedTask,
  key: string | undefined,
): Promise<ExitCode> {
  const { context, flags } = session;
  const open = openQuestions(handle.latest);
  // Without a new question, offer answers that had no effect once more: the person came to answer.
  const isAgain = flags.again === true || Object.keys(open).length === 0;
  const stuck = flags.again === true ? listedAgain(handle.latest) : repeatableQuestions(handle.latest, context.now());
  const forPeople = questionsForPeople(handle.latest);
  const first = Object.keys(forPeople).length === 0 ? open : forPeople;
  const offered = isAgain ? { ...first, ...stuck } : first;
  const wanted = key ?? Object.keys(offered)[0];
  const name = chooseQuestion(handle.latest, wanted, isAgain ? 'again' : 'once', context.now());
  if (personTerminal(context, flags) === undefined) {
    throw new CliError(
      'usage',
      'No answer given, and no terminal to ask in',
      `Add --accept, --decline or --cancel. ${nextCommands(handle.latest, { status: 'input_required' }).join(' ')}`,
    );
  }
  const keys = key === undefined ? Object.keys(offered) : [name];
  let last: ExitCode | undefined;
  for (const each of keys) {
    const again = !Object.hasOwn(openQuestions(handle.latest), each);
    if (again) {
      const { words } = answeredBefore(handle.latest, each, context.now());
      session.printer.line(`${handle.id}  ${safeText(each)} ${words}`);
    }
    const question = await handle.question(each);
    const decision = await askOnce(session, handle, question);
    if (decision === 'left' || decision === 'later') {
      session.printer.line(`${handle.id}  left; nothing was sent${last === undefined ? '' : ' for this question'}`);
      for (const next of nextCommands(handle.latest, { status: 'input_required' })) session.printer.line(next);
      return decision === 'left' ? exitCodes.interrupted : exitCodes.inputRequired;
    }
    if (decision === 'withdrawn')
      session.printer.line(`${handle.id}  no longer asks ${safeText(each)}; nothing was sent`);
    if (typeof decision === 'string') continue;
    await sendAnswer(session, handle, question, decision, { again });
    last = reportAnswer(session, handle.latest, each, decision);
  }
  return last ?? exitCodes.completed;
}

function reportAnswer(session: Session, record: TaskRecord, key: string, response: InputResponse): ExitCode {
  const { printer, context } = session;
  if (printer.json) printer.document(describeRecord(record));
  const done = typeof response.action === 'string' ? response.action : 'answer';
  const entry = own(record.ledger, key)?.state;
  const sent = entry === 'answering' ? 'saved; it may not have arrived yet' : 'reached the server';
  printer.line(`${record.id}  ${safeText(key)}: ${done} ${sent}`);
  if (record.outcome !== null) printer.line(outcomeLine(record, record.outcome));
  for (const next of nextCommands(record, record.outcome)) printer.line(next);
  if (context.interrupt.aborted) return exitCodes.interrupted;
  return record.outcome?.status === 'auth_required' ? exitCodeOfOutcome(record.outcome) : exitCodes.completed;
}
