import { openQuestions, own, type TaskRecord, updatesBetween } from '@mcp-tasks/client';
import { isAlert } from '../../display/task-events.ts';
import type { LiveChange } from '../live-session.ts';
import type { Command, Step } from './message.ts';
import type { Model } from './model.ts';
import { withNotice } from './notice.ts';
import { retryTools } from './on-call.ts';
import { exitIfSettled } from './on-leave.ts';
import { onLog } from './on-log.ts';
import { orderOf } from './order.ts';
import { findOpen } from './questions.ts';
import { displayOf, isPending } from './task-display.ts';

/** Time from the last settled task until the view exits, in ms. */
export const LEAVE_AFTER_MS = 3_000;

export function onLiveChange(model: Model, change: LiveChange): Step<Model> {
  switch (change.kind) {
    case 'records':
      return onRecords(model, change.records, change.removed);
    case 'server': {
      const { kind: _kind, ...server } = change;
      const known = model.servers.get(server.fingerprint);
      const { taskTools = known?.taskTools, toolsAlike = known?.toolsAlike } = server;
      const info = { ...server, taskTools, toolsAlike };
      const next = { ...model, servers: new Map([...model.servers, [server.fingerprint, info]]) };
      return server.state === 'connected' && known?.state !== 'connected'
        ? retryTools(next, server.fingerprint)
        : [next, []];
    }
    case 'others':
      return [onOthers(model, change.fingerprint, change.records), []];
    case 'log':
      return [onLog(model, change.message), []];
    case 'notice':
      return [withNotice(model, change.text), []];
    case 'warning':
      return [{ ...model, warning: change.text }, []];
  }
}

/** Replaces a server's unrecorded tasks by its latest list; recorded tasks stay as recorded. */
function onOthers(model: Model, fingerprint: string, listed: readonly TaskRecord[]): Model {
  const records = new Map(model.records);
  const others = new Set(model.others);
  for (const id of model.others) {
    if (records.get(id)?.server.fingerprint !== fingerprint) continue;
    records.delete(id);
    others.delete(id);
  }
  for (const record of listed) {
    if (records.has(record.id)) continue;
    records.set(record.id, record);
    others.add(record.id);
  }
  const selected = model.selected !== null && records.has(model.selected) ? model.selected : null;
  const order = orderOf(records.values(), model);
  return closeDeletedPage({ ...model, records, others, order, selected, isLoaded: true });
}

function onRecords(model: Model, changed: readonly TaskRecord[], removed: readonly string[]): Step<Model> {
  const records = new Map(model.records);
  for (const record of changed) records.set(record.id, record);
  for (const id of removed) records.delete(id);
  const next: Model = {
    ...model,
    records,
    others: new Set([...model.others].filter((id) => !changed.some((record) => record.id === id))),
    order: orderOf(records.values(), model),
    isLoaded: true,
    marked: new Set([...model.marked].filter((id) => records.has(id))),
    selected: selectionAfter(model, changed, records),
    cancelling: new Set([...model.cancelling].filter((id) => records.get(id)?.cancelRequestedAt === undefined)),
  };
  const [after, leaving] = exitIfSettled(planLeaving(model, withdraw(closeDeletedPage(next))));
  return [after, [...(model.isLoaded ? alertsOf(model, changed) : []), ...leaving]];
}

/** Selects a call started here once its record arrives. */
function selectionAfter(model: Model, changed: readonly TaskRecord[], records: ReadonlyMap<string, TaskRecord>) {
  const made = model.calling > 0 ? changed.find((record) => !model.records.has(record.id)) : undefined;
  if (made !== undefined) return made.id;
  return model.selected !== null && records.has(model.selected) ? model.selected : null;
}

function closeDeletedPage(model: Model): Model {
  if (model.page.kind !== 'detail' || model.records.has(model.page.id)) return model;
  return { ...withNotice(model, `${model.page.id} is no longer on record.`), page: { kind: 'list' } };
}

/** Closes the form of a question that is no longer open. */
function withdraw(model: Model): Model {
  const { page } = model;
  if (page.kind !== 'question' || findOpen(model, page.question) !== undefined) return model;
  const record = model.records.get(page.question.id);
  const back = page.back.kind === 'detail' && record === undefined ? ({ kind: 'list' } as const) : page.back;
  return { ...model, page: { kind: 'withdrawn', text: withdrawalReason(record, page.question.key), back } };
}

function withdrawalReason(record: TaskRecord | undefined, key: string): string {
  if (record === undefined) return 'The task is no longer on record. Nothing was sent.';
  const state = own(record.ledger, key)?.state;
  if (state === 'answering' || (state === 'acknowledged' && record.phase !== 'settled')) {
    return 'It was answered elsewhere. Nothing was sent from here.';
  }
  if (record.phase === 'settled') return `The task is over (${displayOf(record).word}). Nothing was sent.`;
  if (state === 'open' && own(record.inputRequests, key) !== undefined) {
    return 'The server now asks something else. Nothing was sent.';
  }
  return 'The task moved on without an answer. Nothing was sent.';
}

function alertsOf(model: Model, changed: readonly TaskRecord[]): readonly Command[] {
  return changed.flatMap((record): readonly Command[] => {
    if (model.detached.has(record.id)) return [];
    const before = model.records.get(record.id);
    // Tasks that ended before the view opened raise no alert.
    if (before === undefined && record.outcome !== null && record.createdAt < model.openedAt) return [];
    return updatesBetween(before, record)
      .filter(isAlert)
      .map((alert): Command => ({ kind: 'alert', alert }));
  });
}

/** Starts the countdown only when the last task settles while the person just watches the list. */
function planLeaving(before: Model, after: Model): Model {
  if (anyPending(after)) return { ...after, leavesAt: null };
  const isJustWatching =
    after.page.kind === 'list' && after.overlay === null && !after.filtering && after.calling === 0;
  const settledNow = anyPending(before) && after.records.size > 0;
  if (!settledNow || !isJustWatching || after.keepOpen || (after.staysOpen && !after.exitWhenDone)) return after;
  return { ...after, leavesAt: after.now + LEAVE_AFTER_MS };
}

function anyPending(model: Model): boolean {
  for (const record of model.records.values()) {
    const isIgnored = model.detached.has(record.id) && Object.keys(openQuestions(record)).length === 0;
    if (isPending(record) && !isIgnored && !model.others.has(record.id)) return true;
  }
  return false;
}
