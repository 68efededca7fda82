import type { Key } from '../keys/key.ts';
import { actionFor } from '../keys/keymap.ts';
import type { Command, Message, Step } from './message.ts';
import type { Model, Page } from './model.ts';
import { withNotice } from './notice.ts';
import { onActDone, onActFailed } from './on-act.ts';
import { onAction } from './on-action.ts';
import { leave, onWorkFound } from './on-leave.ts';
import { onLiveChange } from './on-live-change.ts';
import { onEdited } from './on-programs.ts';
import { onTools } from './on-tools.ts';
import { onTyping } from './on-typing.ts';
import { keepSelection, selectedRecord } from './selection.ts';

const LOADED_AFTER_MS = 1_000;

/** Time in which Enter is ignored on a new form, in ms: it was meant for the previous page. */
const ENTER_GUARD_MS = 400;

/** Returns the next model and its commands. */
export function update(model: Model, message: Message): Step<Model> {
  const [stepped, commands] = step(model, message);
  const next = keepSelection(model, stepped);
  if (pageName(next) === pageName(model)) return [next, commands];
  return [{ ...next, pageSince: 'at' in message ? message.at : next.now }, [...commands, ...onOpened(model, next)]];
}

function step(model: Model, message: Message): Step<Model> {
  switch (message.kind) {
    case 'key-pressed':
      return onPress(model, message.key, message.at);
    case 'live-changed':
      return onLiveChange({ ...model, now: message.at }, message.change);
    case 'time-passed':
      return onTime(model, message.at);
    case 'resized':
      return [{ ...model, columns: message.columns, rows: message.rows }, []];
    case 'polling-known':
      return [{ ...model, polling: { id: message.id, ...message.polling } }, []];
    case 'interrupted':
      return [model, [{ kind: 'end', reason: 'interrupted' }]];
    case 'scroll-limited':
      return [limitScroll(model, message.to), []];
    case 'act-done':
      return onActDone(model, message.act);
    case 'act-failed':
      return onActFailed(model, message.act, message.problem);
    case 'tools-loaded':
      return onTools(model, message.fingerprint, message.tools);
    case 'tools-failed':
      return onTools(model, message.fingerprint, { failed: message.problem });
    case 'edited':
      return onEdited(model, message.text);
    case 'notice-posted':
      return [withNotice(model, message.text, message.tone), []];
    case 'work-found':
      return onWorkFound(model, message);
  }
}

/** Name of the visible page; each question, form step and overlay counts as a separate page. */
function pageName({ page, overlay }: Model): string {
  return overlay === null ? nameOf(page) : `${overlay.kind} over ${nameOf(page)}`;
}

function nameOf(page: Page): string {
  if (page.kind === 'question')
    return [page.question.id, page.question.key, page.question.digest, page.form.step].join(' ');
  return page.kind === 'call' ? `call ${page.form.step}` : page.kind;
}

function isTooSoon({ page, pageSince }: Model, key: Key, at: number): boolean {
  const isForm = page.kind === 'question' || page.kind === 'call' || page.kind === 'withdrawn';
  return isForm && key.name === 'enter' && at >= pageSince && at - pageSince < ENTER_GUARD_MS;
}

/** Any key press cancels the automatic exit for good. */
function onPress(model: Model, key: Key, at: number): Step<Model> {
  const [next, commands] = isTooSoon(model, key, at) ? ([model, []] as const) : onKey(model, key);
  return [next.staysOpen ? next : { ...next, staysOpen: true }, commands];
}

function onKey(model: Model, key: Key): Step<Model> {
  if (key.name === 'ctrl-c') return leave(model, 'interrupted');
  if (key.name === 'ctrl-z') return [model, [{ kind: 'suspend' }]];
  const action = actionFor(model, key);
  if (model.leavesAt !== null && action !== 'leave') {
    // This key only stops the countdown, whatever it does on the page.
    return [{ ...model, leavesAt: null, staysOpen: true }, []];
  }
  return action === undefined || action === 'form' ? onTyping(model, key) : onAction(model, action);
}

function onTime(model: Model, at: number): Step<Model> {
  const notice = model.notice !== null && model.notice.until <= at ? null : model.notice;
  // An empty store reports nothing: after a moment, treat the list as loaded.
  const isLoaded = model.isLoaded || at - model.openedAt >= LOADED_AFTER_MS;
  const next = { ...model, now: at, notice, isLoaded };
  if (model.leavesAt !== null && model.leavesAt <= at) return [next, [{ kind: 'end', reason: 'settled' }]];
  const isSecond = Math.floor(at / 1_000) !== Math.floor(model.now / 1_000);
  return [next, isSecond ? askPolling(next) : []];
}

function onOpened(before: Model, after: Model): readonly Command[] {
  return after.page.kind === 'detail' && before.page.kind === 'list' ? askPolling(after) : [];
}

/** Requests the polling state of the visible task, on its page or beside the list. */
function askPolling(model: Model): readonly Command[] {
  const record = model.page.kind === 'list' || model.page.kind === 'detail' ? selectedRecord(model) : undefined;
  return record?.phase === 'open' && !model.others.has(record.id) ? [{ kind: 'ask-polling', id: record.id }] : [];
}

function limitScroll(model: Model, to: number): Model {
  const { page, overlay } = model;
  if (overlay?.kind === 'help') return overlay.scroll > to ? { ...model, overlay: { ...overlay, scroll: to } } : model;
  return page.kind === 'detail' && page.scroll > to ? { ...model, page: { ...page, scroll: to } } : model;
}
