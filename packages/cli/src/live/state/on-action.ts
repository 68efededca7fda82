import type { Action } from '../keys/binding.ts';
import { isCancellable, isForgettable } from './acts-allowed.ts';
import { copy } from './copy.ts';
import type { Step } from './message.ts';
import type { Model, Page } from './model.ts';
import { callAgain, chooseServer, chooseTool, startCall } from './on-call.ts';
import { leave, leaveRunning, stopAndLeave } from './on-leave.ts';
import { move } from './on-move.ts';
import { editField, pageResult, saveResult } from './on-programs.ts';
import { answerAgain, answerNext, leaveForm, nextQuestion, openUrl } from './on-question.ts';
import { orderOf } from './order.ts';
import { selectedRecord, shownMarks, withoutMarks } from './selection.ts';

export function onAction(model: Model, action: Exclude<Action, 'form'>): Step<Model> {
  switch (action) {
    case 'leave':
      return leave(model, 'quit');
    case 'leave-running':
      return leaveRunning(model);
    case 'stop-and-leave':
      return stopAndLeave(model);
    case 'help':
      return [{ ...model, overlay: { kind: 'help', scroll: 0 } }, []];
    case 'back':
      return goBack(model);
    case 'open':
      return openSelected(model);
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'top':
    case 'bottom':
    case 'previous-task':
    case 'next-task':
      return [move(model, action), []];
    case 'filter':
      return [{ ...model, filtering: true }, []];
    case 'end-filter':
      return [{ ...model, filtering: false }, []];
    case 'clear-filter': {
      const next = { ...model, filtering: false, filter: { text: '', cursor: 0 } };
      return [{ ...next, order: orderOf(model.records.values(), next) }, []];
    }
    case 'hide-settled': {
      const next = { ...model, hidesSettled: !model.hidesSettled };
      return [{ ...next, order: orderOf(model.records.values(), next) }, []];
    }
    case 'group':
      return regroup(model);
    case 'mark':
      return toggleMark(model);
    case 'copy':
      return copy(model);
    case 'page-result':
      return pageResult(model);
    case 'save-result':
      return saveResult(model);
    case 'edit-field':
      return editField(model);
    case 'call-again':
      return callAgain(model);
    case 'answer':
      return answerNext(model);
    case 'answer-again':
      return answerAgain(model);
    case 'next-question':
      return nextQuestion(model);
    case 'open-url':
      return openUrl(model);
    case 'cancel':
    case 'forget':
      return confirm(model, action);
    case 'yes':
      return performConfirmed(model);
    case 'no':
      return [{ ...model, overlay: null }, []];
    case 'adopt':
      return adopt(model);
    case 'detach':
      return detach(model);
    case 'follow':
      return follow(model);
    case 'new-call':
      return startCall(model);
  }
}

function goBack(model: Model): Step<Model> {
  if (model.overlay !== null) return [{ ...model, overlay: null }, []];
  const { page } = model;
  switch (page.kind) {
    case 'question':
      return [leaveForm(model), []];
    case 'withdrawn':
      return [{ ...model, page: page.back }, []];
    case 'call':
      return startCall(model, page.fingerprint);
    case 'pick-tool':
    case 'pick-server':
    case 'detail':
    case 'list':
      return [{ ...model, page: { kind: 'list' } }, []];
  }
}

function openSelected(model: Model): Step<Model> {
  const { page } = model;
  if (page.kind === 'pick-server') return chooseServer(model, page.at);
  if (page.kind === 'pick-tool') return chooseTool(model, page);
  const record = selectedRecord(model);
  if (record === undefined) return [model, []];
  const detail: Page = { kind: 'detail', id: record.id, scroll: 0 };
  return [{ ...model, selected: record.id, page: detail }, []];
}

function regroup(model: Model): Step<Model> {
  const next = { ...model, groupsByServer: !model.groupsByServer };
  return [{ ...next, order: orderOf(model.records.values(), next) }, []];
}

function toggleMark(model: Model): Step<Model> {
  const record = selectedRecord(model);
  if (record === undefined) return [model, []];
  const marked = new Set(model.marked);
  if (!marked.delete(record.id)) marked.add(record.id);
  return [move({ ...model, marked }, 'down'), []];
}

/** Asks for confirmation for the marked tasks to which the action applies, or for the selected one. */
function confirm(model: Model, act: 'cancel' | 'forget'): Step<Model> {
  const fits = act === 'cancel' ? isCancellable : isForgettable;
  const marked = shownMarks(model);
  const ids = marked.flatMap((id) => model.records.get(id) ?? []).filter((record) => fits(model, record));
  const [first, ...others] = marked.length > 0 ? ids : [selectedRecord(model)];
  if (first === undefined) return [model, []];
  const rest = others.flatMap((record) => record?.id ?? []);
  const overlay = { kind: 'confirm', act, id: first.id, ...(rest.length === 0 ? {} : { others: rest }) } as const;
  return [{ ...model, overlay }, []];
}

function performConfirmed(model: Model): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'confirm') return [model, []];
  const { act, id, others = [] } = overlay;
  const ids = [id, ...others];
  const cancelling = act === 'cancel' ? new Set([...model.cancelling, ...ids]) : model.cancelling;
  const commands = ids.map((each) => ({ kind: 'perform', act: { kind: act, id: each } }) as const);
  return [
    { ...model, overlay: null, cancelling, marked: withoutMarks(model.marked, [...ids, ...shownMarks(model)]) },
    commands,
  ];
}

function adopt(model: Model): Step<Model> {
  const record = selectedRecord(model);
  return [model, record === undefined ? [] : [{ kind: 'perform', act: { kind: 'adopt', id: record.id } }]];
}

function follow(model: Model): Step<Model> {
  const record = selectedRecord(model);
  if (record === undefined) return [model, []];
  const detached = new Set([...model.detached].filter((id) => id !== record.id));
  return [{ ...model, detached }, [{ kind: 'follow', id: record.id }]];
}

function detach(model: Model): Step<Model> {
  const record = selectedRecord(model);
  if (record === undefined) return [model, []];
  return [{ ...model, detached: new Set([...model.detached, record.id]) }, [{ kind: 'detach', id: record.id }]];
}
