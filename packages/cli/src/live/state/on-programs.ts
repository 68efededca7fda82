import { renderResult } from '../../display/render-result.ts';
import { updateForm } from '../../forms/update-form.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';
import { withNotice } from './notice.ts';
import { selectedRecord } from './selection.ts';

/** Opens the task's whole result in the pager. */
export function pageResult(model: Model): Step<Model> {
  const result = selectedRecord(model)?.outcome?.result;
  return [model, result === undefined ? [] : [{ kind: 'page', text: `${renderResult(result)}\n` }]];
}

export function saveResult(model: Model): Step<Model> {
  const record = selectedRecord(model);
  return [model, record?.outcome?.result === undefined ? [] : [{ kind: 'save', id: record.id }]];
}

export function editField(model: Model): Step<Model> {
  const { page } = model;
  if (page.kind !== 'question' && page.kind !== 'call') return [model, []];
  const input = page.form.inputs[page.form.focus];
  if (input?.kind !== 'text') return [model, []];
  const extension = page.form.fields[page.form.focus]?.type === 'json' ? 'json' : 'txt';
  return [model, [{ kind: 'edit', text: input.input.text, extension }]];
}

/** Drops the edited text if its question was withdrawn. */
export function onEdited(model: Model, text: string): Step<Model> {
  const { page } = model;
  if (page.kind !== 'question' && page.kind !== 'call')
    return [withNotice(model, 'The text from the editor is not used: its form was closed.', 'bad'), []];
  return [{ ...model, page: { ...page, form: updateForm(page.form, { name: 'set-text', text }) } }, []];
}
