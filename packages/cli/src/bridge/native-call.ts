import {
  type CallToolResult,
  isCallLost,
  type JsonObject,
  openQuestions,
  type ProtocolError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey } from '@mcp-tasks/client/keeper';
import { type ServedTask, ServeRefusal } from '@mcp-tasks/client/serve';
import { type BridgedRecords, isDelivered } from './bridged-records.ts';
import type { NativeTasks } from './native-tasks.ts';
import { earlierNote, finished } from './texts.ts';
import { watchRecord } from './watch-record.ts';

/** How long the server's own reply is waited for: what comes later is a task of ours, in ms. */
const REPLY_MS = 3_000;
/** The same for a reply to answers, which travel to the server and back, in ms. */
const REPLY_TO_ANSWERS_MS = 5_000;

/** The first reply to a call of a host that takes tasks. `asks`: the server wants input before it makes a task. */
export type FirstReply =
  | { readonly kind: 'task' | 'asks'; readonly task: ServedTask }
  | { readonly kind: 'returned'; readonly task: ServedTask; readonly result: CallToolResult }
  | { readonly kind: 'refused'; readonly task: ServedTask; readonly error: ProtocolError };

export interface NativeCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly signal: AbortSignal;
  /** The call comes again, with answers to what was asked before the task. */
  readonly again?: { readonly taskId: string; readonly responses: Readonly<Record<string, unknown>> } | undefined;
}

export interface NativeCallOptions {
  readonly records: BridgedRecords;
  readonly store: TaskStore;
  readonly tasks: NativeTasks;
}

/** Begins or joins a call, and replies as the server did where it did so at once: with its result, questions or a task. */
export function createNativeCalls({ records, store, tasks }: NativeCallOptions) {
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

  return async ({ tool, arguments: args, signal, again }: NativeCall): Promise<FirstReply> => {
    if (again === undefined) {
      const same = await records.same(tool, args);
      if (same !== undefined && same.outcome !== null && !isDelivered(same)) return replyIn(same, earlierNote(same));
      return replyTo(await records.begin(tool, args), signal, REPLY_MS);
    }
    const record = await read(again.taskId);
    if (callKey(record.tool, record.arguments) !== callKey(tool, args)) {
      throw new ServeRefusal(-32602, 'This requestState belongs to another call');
    }
    const before = tasks.show(record);
    const answered = Object.keys(again.responses).some((key) => Object.hasOwn(before.questionIds, key));
    await tasks.answer(before, again.responses);
    const reply = await replyTo(record.id, signal, REPLY_TO_ANSWERS_MS);
    // An answer that no person gave decided nothing: the host is not asked the same in a circle.
    const asksTheSame = reply.kind === 'asks' && answered && isSameQuestion(before, reply.task);
    return asksTheSame ? { kind: 'task', task: reply.task } : reply;
  };
}

export type NativeCalls = ReturnType<typeof createNativeCalls>;

function hasReplied(record: TaskRecord): boolean {
  if (record.outcome !== null || isCallLost(record) || record.phase === 'open') return true;
  return Object.keys(openQuestions(record)).length > 0;
}

function isSameQuestion(before: ServedTask, after: ServedTask): boolean {
  return Object.entries(after.questionIds).every(([key, id]) => before.questionIds[key] === id);
}
