import type { TaskRecord } from '@mcp-tasks/client';
import { typedItems } from '../../forms/field-limits.ts';
import { isStacked } from '../../forms/is-stacked.ts';
import { isCancellable, isForgettable } from '../state/acts-allowed.ts';
import { matchingTools } from '../state/matching-tools.ts';
import type { Model } from '../state/model.ts';
import { allQuestions, answerable, findOpen, queueOf, repeatable } from '../state/questions.ts';
import { readQuestion } from '../state/read-question.ts';
import { selectedRecord, shownMarks } from '../state/selection.ts';

export function hasRecords(model: Model): boolean {
  return model.records.size > 0;
}

export function hasSelection(model: Model): boolean {
  return selectedRecord(model) !== undefined;
}

export function hasFilter(model: Model): boolean {
  return model.filter.text !== '';
}

export function hasQuestions(model: Model): boolean {
  if (model.page.kind === 'detail') {
    const record = selectedRecord(model);
    return record !== undefined && answerable(model, record).length > 0;
  }
  const marks = shownMarks(model);
  return queueOf(model, marks.length === 0 ? {} : { among: new Set(marks) }).length > 0;
}

/** True if no question is open, but an answered or refused one is still listed. */
export function canRepeat(model: Model): boolean {
  const record = selectedRecord(model);
  return record !== undefined && answerable(model, record).length === 0 && repeatable(model, record).length > 0;
}

export function canCancel(model: Model): boolean {
  return actedOn(model).some((record) => isCancellable(model, record));
}

/** The marked tasks that the list shows, else the selected one. */
function actedOn(model: Model): readonly TaskRecord[] {
  const marked = shownMarks(model);
  if (marked.length > 0) return marked.flatMap((id) => model.records.get(id) ?? []);
  return [selectedRecord(model)].filter((record) => record !== undefined);
}

export function canDetach(model: Model): boolean {
  const record = selectedRecord(model);
  if (record === undefined || model.readOnly || model.others.has(record.id)) return false;
  return record.phase !== 'settled' && !model.detached.has(record.id);
}

/** True for another caller's task without a record here. */
export function isOthers(model: Model): boolean {
  const record = selectedRecord(model);
  return !model.readOnly && record !== undefined && model.others.has(record.id);
}

/** True for a detached task, which can be followed again. */
export function isDetached(model: Model): boolean {
  const record = selectedRecord(model);
  return record !== undefined && record.phase !== 'settled' && model.detached.has(record.id);
}

export function canForget(model: Model): boolean {
  return actedOn(model).some((record) => isForgettable(model, record));
}

export function canCall(model: Model): boolean {
  return !model.readOnly && model.servers.size > 0;
}

export function hasResult(model: Model): boolean {
  return selectedRecord(model)?.outcome?.result !== undefined;
}

/** True if the task's server is watched and its tool is known by name. */
export function canCallAgain(model: Model): boolean {
  const record = selectedRecord(model);
  if (record === undefined || model.others.has(record.id)) return false;
  return canCall(model) && model.servers.has(record.server.fingerprint);
}

/** True once there are choices; false while the tools are loading. */
export function hasChoices({ page }: Model): boolean {
  if (page.kind !== 'pick-tool') return true;
  return (
    page.tools !== 'loading' && !('failed' in page.tools) && matchingTools(page.tools, page.filter.text).length > 0
  );
}

export function isQuestion(model: Model): boolean {
  return model.page.kind === 'question';
}

function focusedField(model: Model) {
  const { page } = model;
  return page.kind === 'question' || page.kind === 'call' ? page.form.fields[page.form.focus] : undefined;
}

export function hasFields(model: Model): boolean {
  return (model.page.kind === 'question' || model.page.kind === 'call') && model.page.form.fields.length > 1;
}

export function hasAnyField(model: Model): boolean {
  return (model.page.kind === 'question' || model.page.kind === 'call') && model.page.form.fields.length > 0;
}

export function hasMarked(model: Model): boolean {
  return (model.page.kind === 'question' || model.page.kind === 'call') && model.page.form.marked >= 0;
}

export function isChoosingInList(model: Model): boolean {
  const field = focusedField(model);
  return field !== undefined && isStacked(field);
}

export function isChoosingInRow(model: Model): boolean {
  const field = focusedField(model);
  return field !== undefined && field.options.length > 0 && !isStacked(field);
}

/** True if the field has options, so letters are commands. */
export function isChoosing(model: Model): boolean {
  return (focusedField(model)?.options.length ?? 0) > 0;
}

/** True for a text field, which the editor can edit. */
export function isText(model: Model): boolean {
  const { page } = model;
  return (page.kind === 'question' || page.kind === 'call') && page.form.inputs[page.form.focus]?.kind === 'text';
}

export function isMarking(model: Model): boolean {
  return focusedField(model)?.type === 'multi-choice';
}

export function isJson(model: Model): boolean {
  const field = focusedField(model);
  return field?.type === 'json' && typedItems(field.schema) === undefined;
}

export function asksForUrl(model: Model): boolean {
  if (model.page.kind !== 'question') return false;
  const request = findOpen(model, model.page.question);
  return request !== undefined && readQuestion(request).kind === 'url';
}

export function hasMore(model: Model): boolean {
  return model.page.kind === 'question' && allQuestions(model).length > 1;
}
