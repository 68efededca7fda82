import type { FormKey } from '../../forms/form-key.ts';
import { editText, type TextInput } from '../../forms/text-input.ts';
import { textEdit, updateForm } from '../../forms/update-form.ts';
import type { Key, KeyName } from '../keys/key.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';
import { formChanged } from './on-question.ts';
import { orderOf } from './order.ts';

/** Handles keys without a binding: text for a form or filter. */
export function onTyping(model: Model, key: Key): Step<Model> {
  if (model.overlay !== null) return [model, []];
  const { page } = model;
  switch (page.kind) {
    case 'question': {
      const form = formKey(key);
      return form === undefined ? [model, []] : formChanged(model, page, updateForm(page.form, form));
    }
    case 'call': {
      const typed = formKey(key);
      if (typed === undefined) return [model, []];
      const form = updateForm(page.form, typed);
      if (form.submission === null || !('content' in form.submission))
        return [{ ...model, page: { ...page, form } }, []];
      const { fingerprint, tool, rerunOf } = page;
      // A call started here cancels the countdown for good.
      const next: Model = { ...model, page: { kind: 'list' }, calling: model.calling + 1, staysOpen: true };
      const act = { kind: 'call', fingerprint, tool: tool.name, args: form.submission.content, rerunOf } as const;
      return [next, [{ kind: 'perform', act }]];
    }
    case 'list': {
      const filter = model.filtering ? editedFilter(model.filter, key) : undefined;
      if (filter === undefined) return [model, []];
      return [{ ...model, filter, order: orderOf(model.records.values(), { ...model, filter }) }, []];
    }
    case 'pick-tool': {
      const filter = editedFilter(page.filter, key);
      return filter === undefined ? [model, []] : [{ ...model, page: { ...page, filter, at: 0 } }, []];
    }
    default:
      return [model, []];
  }
}

const FORM_KEYS: Partial<Record<KeyName, Exclude<FormKey, { name: 'text' | 'set-text' }>['name']>> = {
  enter: 'enter',
  tab: 'tab',
  'back-tab': 'back-tab',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'home',
  'ctrl-a': 'home',
  end: 'end',
  'ctrl-e': 'end',
  'page-up': 'page-up',
  'page-down': 'page-down',
  backspace: 'backspace',
  delete: 'delete',
  'ctrl-d': 'delete',
  'ctrl-w': 'delete-word',
  'ctrl-u': 'delete-line',
  'ctrl-k': 'delete-rest',
  'ctrl-r': 'review',
};

function formKey(key: Key): FormKey | undefined {
  if (key.name === 'text') return key;
  if (key.name === 'newline') return { name: 'text', text: '\n' };
  const name = FORM_KEYS[key.name];
  return name === undefined ? undefined : { name };
}

function editedFilter(input: TextInput, key: Key): TextInput | undefined {
  const formed = key.name === 'newline' ? undefined : formKey(key);
  const edit = formed === undefined ? undefined : textEdit(formed, false);
  return edit === undefined ? undefined : editText(input, edit);
}
