import { type CallToolResult, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';

/** Limit of a server's text quoted to a model, in characters: the text is untrusted. */
const MAX_QUOTED = 300;

/** Names of the bridge's tools; a name that the server uses gets a prefix. */
export interface OwnNames {
  readonly wait: string;
  readonly list: string;
  readonly cancel: string;
  /** Only where a model may answer. */
  readonly answer?: string | undefined;
}

/** Input of the unfinished reply. */
export interface Situation {
  readonly record: TaskRecord;
  readonly names: OwnNames;
  readonly holdMs: number;
  readonly now: number;
}

/** The reply for a call that continues. It is not an error: hosts would retry or give up. */
export function unfinished(situation: Situation): CallToolResult {
  const { record } = situation;
  const questions = Object.values(openQuestions(record));
  const text = questions.length > 0 ? waitingForPersonText(situation, questions.length) : stillRunningText(situation);
  return { content: [{ type: 'text', text }], _meta: { 'mcp-tasks/task': taskMeta(record) } };
}

export function taskMeta(record: TaskRecord) {
  const { id, taskId, status, tool } = record;
  return { id, taskId, status, tool };
}

function stillRunningText({ record, names, holdMs, now }: Situation): string {
  const { tool, id, statusMessage } = record;
  const serverMessage = statusMessage === undefined ? '' : ` The server says: ${quote(statusMessage)}.`;
  return [
    `NOT FINISHED: "${tool}" is still running after ${formatDuration(now - record.createdAt)}.${serverMessage}`,
    `To get its result call ${names.wait} with {"id":"${id}"}; each call waits up to ${formatDuration(holdMs)}.`,
    `Calling "${tool}" again with the same arguments is harmless: it joins this run and starts no other.`,
    'It is fine to go on with something else or to end the turn: the task keeps running and its result is kept.',
  ].join('\n');
}

function waitingForPersonText({ record, names }: Situation, count: number): string {
  const { tool, id } = record;
  const [first] = Object.values(openQuestions(record));
  const message = typeof first?.params.message === 'string' ? first.params.message : (first?.method ?? '');
  const fields = names.answer === undefined ? '' : quote(JSON.stringify(first?.params.requestedSchema ?? {}));
  const instruction =
    names.answer === undefined
      ? `You cannot decide this. Tell the user to answer in a terminal: mcp-tasks answer ${id}`
      : `To answer call ${names.answer} with {"id":"${id}","content":{…}}, whose fields are ${fields}`;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return [
    `NOT FINISHED: "${tool}" waits for a person to decide. The server asks${more}: ${quote(message)}`,
    instruction,
    `After that call ${names.wait} with {"id":"${id}"}. Nothing is lost meanwhile.`,
  ].join('\n');
}

/** A server's text as a quotation for a model: sanitized and cut. */
export function quote(text: string): string {
  return JSON.stringify(safeText(text, { maxLength: MAX_QUOTED }));
}

/** The final reply for the host: the server's result unchanged, except for a note before it. */
export function finished(record: TaskRecord, note?: string): CallToolResult {
  const { outcome, id, tool } = record;
  if (outcome?.result !== undefined) return note === undefined ? outcome.result : withNote(outcome.result, note);
  const reason = outcome?.error?.message ?? record.statusMessage ?? 'the server gave no reason';
  const text = `"${tool}" (task ${id}) ended ${outcome?.status ?? 'unknown'}: ${quote(reason)}`;
  return { content: [{ type: 'text', text }], isError: true };
}

/** Hosts show the model only `structuredContent` when there is one: remove it so that the note is seen. */
function withNote(result: CallToolResult, note: string): CallToolResult {
  const { structuredContent, ...rest } = result;
  const content = result.content ?? [];
  const kept = structuredContent === undefined || content.length > 0 ? content : [asText(structuredContent)];
  return { ...rest, content: [{ type: 'text', text: note }, ...kept] };
}

function asText(value: unknown) {
  return { type: 'text' as const, text: JSON.stringify(value) };
}

export function mayHaveRun(record: TaskRecord): CallToolResult {
  const { tool, id, createdAt } = record;
  const text = [
    `UNKNOWN: the same call of "${tool}" at ${new Date(createdAt).toISOString()} was cut off and may have run.`,
    'It is not run again by itself. Ask the user what happened.',
    `When it is safe to run again: mcp-tasks forget ${id}, then call the tool once more.`,
  ].join('\n');
  return { content: [{ type: 'text', text }], isError: true };
}

export function joinedNote(record: TaskRecord): string {
  return `(This is the run of the same call that was already under way: task ${record.id}. Nothing was started twice.)`;
}

export function earlierNote(record: TaskRecord): string {
  const at = new Date(record.createdAt).toISOString();
  return `(Result of the same call of ${at}, which had not been delivered. Nothing was run again; call once more to run it anew.)`;
}
