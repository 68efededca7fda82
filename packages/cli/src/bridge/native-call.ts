import {
  type CallToolResult,
  type JsonObject,
  openQuestions,
  own,
  type ProtocolError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey } from '@mcp-tasks/client/keeper';
import { type ServedTask, ServeRefusal } from '@mcp-tasks/client/serve';
import type { BridgedRecords } from './bridged-records.ts';
import { hasEnded, isOwed } from './call-state.ts';
import type { NativeTasks } from './native-tasks.ts';
import { earlierNote, finished } from './texts.ts';
import { watchRecord } from './watch-record.ts';

/** Limit of the wait for the server's own reply, in ms; after it the host receives a task. */
const REPLY_MS = 3_000;
/** The same limit after answers, which travel to the server first, in ms. */
const REPLY_TO_ANSWERS_MS = 5_000;

/** The first reply to a call of a host with tasks. `asks`: the server wants input before it creates a task. */
export type FirstReply =
  | { readonly kind: 'task' | 'asks'; readonly task: ServedTask }
  | { readonly kind: 'returned'; readonly task: ServedTask; readonly result: CallToolResult }
  | { readonly kind: 'refused'; readonly task: ServedTask; readonly error: ProtocolError };

type Responses = Readonly<Record<string, unknown>>;

/** The calls of a host of 2026-07-28. An immediate reply of the server is passed on. */
export interface NativeCalls {
  /** Begins the call, or joins the call with equal arguments. */
  begin(tool: string, args: JsonObject, signal: AbortSignal): Promise<FirstReply>;
  /** The task of a repeated call. @throws {ServeRefusal} when the state belongs to another call */
  resume(taskId: string, tool: string, args: JsonObject): Promise<ServedTask>;
  /** Sends answers to questions asked before the task; resolves to the next reply. */
  sendAnswers(before: ServedTask, responses: Responses, signal: AbortSignal): Promise<FirstReply>;
}

export interface NativeCallOptions {
  readonly records: BridgedRecords;
  readonly store: TaskStore;
  readonly tasks: NativeTasks;
}

export function createNativeCalls({ records, store, tasks }: NativeCallOptions): NativeCalls {
  async function read(id: string): Promise<TaskRecord> {
    const record = await records.read(id);
    if (record !== undefined) return record;
    throw new ServeRefusal(-32602, `Unknown or expired task: ${id}`);
  }

  async function replyTo(id: string, signal: AbortSignal, withinMs: number): Promise<FirstReply> {
    const timeUp = AbortSignal.timeout(withinMs);
    await watchRecord(store, id, { isOver: hasReplied, signal: AbortSignal.any([signal, timeUp]) });
    return replyIn(await read(id));
  }

  function replyIn(record: TaskRecord, note?: string): FirstReply {
    const task = tasks.show(record);
    const { outcome, taskId, phase } = record;
    if (phase === 'asking' && task.status === 'input_required') return { kind: 'asks', task };
    if (outcome === null || taskId !== null) return { kind: 'task', task };
    if (outcome.result !== undefined) return { kind: 'returned', task, result: finished(record, note) };
    if (outcome.status === 'failed' && outcome.error !== undefined) {
      return { kind: 'refused', task, error: outcome.error };
    }
    return { kind: 'task', task };
  }

  return {
    async resume(taskId, tool, args) {
      const record = await read(taskId);
      if (callKey(record.tool, record.arguments) === callKey(tool, args)) return tasks.show(record);
      throw new ServeRefusal(-32602, 'This requestState belongs to another call');
    },
    async begin(tool, args, signal) {
      const same = await records.findEqual(tool, args);
      if (same !== undefined && isOwed(same)) return replyIn(same, earlierNote(same));
      return replyTo(await records.begin(tool, args), signal, REPLY_MS);
    },
    async sendAnswers(before, responses, signal) {
      await tasks.answer(before, responses);
      const reply = await replyTo(before.taskId, signal, REPLY_TO_ANSWERS_MS);
      // An answer that no person gave was discarded: asking the same again would loop.
      const asksTheSame = reply.kind === 'asks' && answersSome(before, responses) && !asksNew(reply.task, before);
      return asksTheSame ? { kind: 'task', task: reply.task } : reply;
    },
  };
}

/** Whether one of the responses is to an open question of the task. */
export function answersSome({ questionIds }: ServedTask, responses: Responses): boolean {
  return Object.keys(responses).some((key) => Object.hasOwn(questionIds, key));
}

/** Whether the task has a question that it did not have before. */
export function asksNew({ questionIds }: ServedTask, before: ServedTask | undefined): boolean {
  return Object.entries(questionIds).some(([key, id]) => own(before?.questionIds, key) !== id);
}

function hasReplied(record: TaskRecord): boolean {
  if (hasEnded(record) || record.phase === 'open') return true;
  return Object.keys(openQuestions(record)).length > 0;
}
