import type { TaskChange, TaskRecord } from '@mcp-tasks/client';
import { nextCommands, unsavedLine } from '../../display/next-command.ts';
import { describeRecord } from '../../display/task-document.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Session } from '../../session/session.ts';
import type { RunningLiveSession } from './create-live-session.ts';
import { createDeferred } from './deferred.ts';
import { createPlainLines } from './plain-lines.ts';
import { createScriptedStory } from './scripted-story.ts';

export interface PlainOptions {
  readonly events: boolean;
  readonly keepOpen: boolean;
  /** Plays the story of the bundled demo and ends with it. */
  readonly story: boolean;
  readonly onUpdate: (update: TaskChange) => void;
}

/** The live view as append-only lines, for pipes and logs. Ends when no task is open. */
export async function watchPlain(session: Session, live: RunningLiveSession, options: PlainOptions): Promise<ExitCode> {
  const { context, printer } = session;
  const end = createDeferred<ExitCode>();
  let started = false;
  const lines = createPlainLines({
    printer,
    now: context.now,
    events: options.events,
    onUpdate(update) {
      options.onUpdate(update);
      if (update.kind === 'question') story?.answerQuestion(update.record, update.key);
    },
  });
  const story = options.story ? createScriptedStory(live, lines) : undefined;

  function endIfDone(): void {
    if (options.keepOpen || !started) return;
    if (story?.isRunning ?? [...lines.records.values()].some(isUnderWay)) return;
    const missing = live.servers.find((server) => server.failure !== undefined);
    if (missing !== undefined && !lines.hasFollowed) end.reject(missing.failure);
    else if (live.servers.every((server) => server.state.state !== 'connecting')) end.resolve(exitCodes.completed);
  }

  const unsubscribe = live.subscribe((change) => {
    lines.printChange(change);
    endIfDone();
  });
  context.interrupt.addEventListener('abort', () => end.resolve(exitCodes.interrupted));
  if (context.interrupt.aborted) end.resolve(exitCodes.interrupted);
  try {
    await live.start();
    started = true;
    await story?.begin(end.promise);
    endIfDone();
    const code = await end.promise;
    reportRecords(session, [...lines.records.values()], options);
    return code;
  } finally {
    unsubscribe();
  }
}

/** Prints the JSON document or the next commands. */
function reportRecords({ printer, unsaved }: Session, records: readonly TaskRecord[], { events }: PlainOptions): void {
  if (printer.json && !events) printer.document({ tasks: records.map((record) => describeRecord(record)) });
  const open = records.filter(isUnderWay);
  if (unsaved() !== undefined) {
    for (const record of open) printer.line(unsavedLine(record));
    return;
  }
  for (const record of open.slice(0, 5)) for (const next of nextCommands(record, null)) printer.line(next);
  if (open.length !== 0 && open.length <= 5) return;
  printer.line(open.length === 0 ? 'List the records: mcp-tasks list' : 'All of them: mcp-tasks list');
}

/** False for a lost call, which no longer changes. */
function isUnderWay(record: TaskRecord): boolean {
  return record.phase === 'open' || record.phase === 'asking';
}
