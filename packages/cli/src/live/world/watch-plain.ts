import { isCallLost, type TaskChange, type TaskRecord, updatesBetween } from '@mcp-tasks/client';
import { nextCommands, nothingNext } from '../../display/next-command.ts';
import { renderResult } from '../../display/render-result.ts';
import { safeText } from '../../display/safe-text.ts';
import { describeRecord } from '../../display/task-document.ts';
import { eventOf } from '../../display/task-events.ts';
import { ageOf, lineOfUpdate, titleOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Session } from '../../session/session.ts';
import type { DeskChange } from '../live-session.ts';
import type { RunningDesk } from './create-live-session.ts';
import { createDeferred } from './deferred.ts';
import { beginStory, scriptedAnswer } from './demo-story.ts';

export interface PlainOptions {
  readonly events: boolean;
  readonly keepOpen: boolean;
  /** Play the story of the bundled demo, and end with it. */
  readonly story: boolean;
  readonly onUpdate: (update: TaskChange) => void;
}

/** The live view as append-only lines, for pipes and logs. Ends once nothing is open. */
export async function watchPlain(session: Session, desk: RunningDesk, options: PlainOptions): Promise<ExitCode> {
  const { context, printer } = session;
  const openedAt = context.now();
  const before = new Map<string, TaskRecord>();
  const mine = new Set<string>();
  const stands = new Map<string, string>();
  let followed = false;
  let begun = !options.story;
  let started = false;
  const end = createDeferred<ExitCode>();
  const say = (text: string): void => (options.events || printer.json ? printer.line(text) : printer.result(text));

  function seeRecord(record: TaskRecord): void {
    const last = before.get(record.id);
    before.set(record.id, record);
    // What was over before is in the list; what began and ended between two looks is news.
    if (last === undefined && record.phase === 'settled' && record.createdAt < openedAt) return;
    if (last === undefined) {
      followed = true;
      say(titleOf(record));
      const age = ageOf(record, context.now());
      if (age !== undefined) say(`${record.id}  ${age}`);
    }
    for (const update of updatesBetween(last, record)) {
      if (options.events) printer.event(eventOf(update));
      const line = lineOfUpdate(update);
      if (line !== undefined) say(update.kind === 'settled' ? `${line}${brief(record)}` : line);
      options.onUpdate(update);
      if (update.kind === 'question' && mine.has(record.id)) play(record, update.key);
    }
  }

  function play(record: TaskRecord, key: string): void {
    const response = scriptedAnswer(key);
    if (response === undefined) return;
    say(`${record.id}  the demo's script answers ${safeText(key)}: ${JSON.stringify(response)}`);
    const digest = record.ledger[key]?.digest ?? '';
    desk
      .answer({ id: record.id, key, digest, response })
      .catch((error: Error) => say(`${record.id}  ${safeText(error.message)}`));
  }

  function see(change: DeskChange): void {
    if (change.kind === 'records') {
      // What is told at once comes in the order of its last changes, and a reader expects that of the calls.
      const inOrder = change.records.toSorted((one, other) => one.createdAt - other.createdAt);
      for (const record of inOrder) seeRecord(record);
      for (const id of change.removed) {
        if (before.delete(id)) say(`${id}  forgotten`);
      }
    } else if (change.kind === 'notice') {
      printer.line(`${change.recordId === undefined ? '' : `${change.recordId}  `}${safeText(change.text)}`);
    } else if (change.kind === 'server' && change.taskTools === undefined && change.state !== 'connecting') {
      const detail = change.detail === undefined ? '' : `: ${change.detail}`;
      const line = `${safeText(change.label)} ${change.state}${detail}`;
      // A server that stays away is tried again and again, and is said to be away once.
      if (stands.get(change.fingerprint) !== line) printer.line(line);
      stands.set(change.fingerprint, line);
    }
    if (started) check();
  }

  function check(): void {
    if (!begun || options.keepOpen) return;
    if (options.story ? [...mine].some((id) => isGoingOn(before.get(id))) : [...before.values()].some(isUnderWay))
      return;
    const missing = desk.servers.find((line) => line.failure !== undefined);
    if (missing !== undefined && !followed) end.reject(missing.failure);
    else if (desk.servers.every((line) => line.state.state !== 'connecting')) end.resolve(exitCodes.completed);
  }

  const unsubscribe = desk.subscribe(see);
  context.interrupt.addEventListener('abort', () => end.resolve(exitCodes.interrupted));
  if (context.interrupt.aborted) end.resolve(exitCodes.interrupted);
  try {
    await desk.start();
    started = true;
    if (options.story) {
      for (const id of await Promise.race([beginStory(desk), end.promise.then(() => [])])) {
        mine.add(id);
        const record = desk.records.get(id);
        for (const key of Object.keys(record?.inputRequests ?? {})) if (record !== undefined) play(record, key);
      }
      begun = true;
    }
    check();
    return finish(await end.promise);
  } finally {
    unsubscribe();
  }

  function finish(code: ExitCode): ExitCode {
    const open = [...before.values()].filter(isUnderWay);
    if (printer.json && !options.events) {
      printer.document({ tasks: [...before.values()].map((record) => describeRecord(record)) });
    }
    if (session.unsaved() !== undefined) {
      for (const record of open) printer.line(nothingNext(record));
      return code;
    }
    for (const record of open.slice(0, 5)) for (const next of nextCommands(record, null)) printer.line(next);
    if (open.length !== 0 && open.length <= 5) return code;
    printer.line(open.length === 0 ? 'What is on record: mcp-tasks list' : 'All of them: mcp-tasks list');
    return code;
  }
}

/** A call whose answer never came is not under way: nothing more is going to happen. */
function isUnderWay(record: TaskRecord): boolean {
  return record.phase === 'open' || record.phase === 'asking';
}

/** Of our own calls also the one that is being made, and the one whose record has not been told of yet. */
function isGoingOn(record: TaskRecord | undefined): boolean {
  if (record === undefined) return true;
  return record.phase !== 'settled' && !isCallLost(record);
}

/** The beginning of a result, on the line that says it is there. */
function brief(record: TaskRecord): string {
  const result = record.outcome?.result;
  if (result === undefined) return '';
  return `: ${safeText(renderResult(result), { maxLength: 200 })}`;
}
