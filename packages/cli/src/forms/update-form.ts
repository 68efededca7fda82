import { own } from '@mcp-tasks/client';
import type { Field } from './field.ts';
import type { FormKey } from './form-key.ts';
import { type FieldInput, type FormState, readForm, readInput } from './form-state.ts';
import { isStacked, MAX_OPTION_ROWS } from './is-stacked.ts';
import { createTextInput, editText, type TextEdit } from './text-input.ts';

export function updateForm(state: FormState, key: FormKey): FormState {
  if (state.submission !== null) return state;
  return state.step === 'review' ? updateReview(state, key) : updateFields(state, key);
}

function updateFields(state: FormState, key: FormKey): FormState {
  switch (key.name) {
    case 'enter':
      return confirmField(state);
    case 'tab':
      return leaveField(state, state.focus + 1);
    case 'back-tab':
      return leaveField(state, Math.max(0, state.focus - 1));
    case 'down':
      return moveLine(state, 'line-down') ?? moveStacked(state, 1) ?? leaveField(state, state.focus + 1);
    case 'up':
      return moveLine(state, 'line-up') ?? moveStacked(state, -1) ?? leaveField(state, Math.max(0, state.focus - 1));
    case 'review':
      return openReview(state);
    default:
      return editField(state, key);
  }
}

/** Moves between lines of a text; undefined at the first or last line. */
function moveLine(state: FormState, kind: 'line-up' | 'line-down'): FormState | undefined {
  const field = state.inputs[state.focus];
  if (field?.kind !== 'text') return undefined;
  const input = editText(field.input, { kind });
  if (input === field.input || input.cursor === field.input.cursor) return undefined;
  return { ...state, inputs: state.inputs.map((each, at) => (at === state.focus ? { kind: 'text', input } : each)) };
}

/** Moves among vertical options; undefined at the first or last one. */
function moveStacked(state: FormState, step: 1 | -1): FormState | undefined {
  const field = state.fields[state.focus];
  const input = state.inputs[state.focus];
  if (field === undefined || input === undefined || input.kind === 'text' || !isStacked(field)) return undefined;
  const at = (input.kind === 'choice' ? input.chosen : input.cursor) + step;
  if (at < 0 || at >= field.options.length) return undefined;
  return withInput(state, field, input.kind === 'choice' ? { ...input, chosen: at } : { ...input, cursor: at });
}

/** Enter confirms the field: stays on an invalid one, and goes to the review after the last. */
function confirmField(state: FormState): FormState {
  const checked = checkFocus(state);
  const field = checked.fields[checked.focus];
  if (field !== undefined && own(checked.errors, field.key) !== undefined) return checked;
  if (checked.focus < checked.fields.length - 1) return { ...checked, focus: checked.focus + 1 };
  const { errors } = readForm(checked);
  const wrong = checked.fields.findIndex((each) => own(errors, each.key) !== undefined);
  return wrong === -1 ? openReview(checked) : { ...checked, errors, focus: wrong };
}

function leaveField(state: FormState, focus: number): FormState {
  const checked = checkFocus(state);
  return focus >= state.fields.length ? openReview(checked) : { ...checked, focus };
}

function checkFocus(state: FormState): FormState {
  const field = state.fields[state.focus];
  const input = state.inputs[state.focus];
  if (field === undefined || input === undefined) return state;
  const { [field.key]: _before, ...others } = state.errors;
  const reading = readInput(field, input);
  return { ...state, errors: reading.ok ? others : { ...others, [field.key]: reading.message } };
}

function openReview(state: FormState): FormState {
  const { errors, unchecked } = readForm(state);
  return { ...state, step: 'review', errors, unchecked, marked: Object.keys(errors).length === 0 ? 0 : -1 };
}

function editField(state: FormState, key: FormKey): FormState {
  const input = state.inputs[state.focus];
  const field = state.fields[state.focus];
  if (input === undefined || field === undefined) return state;
  const edited = editInput(
    input,
    key,
    field.options.map((option) => option.title),
    !field.required,
    field.type === 'json',
  );
  return edited === input ? state : withInput(state, field, edited);
}

function withInput(state: FormState, field: Field, input: FieldInput): FormState {
  const inputs = state.inputs.map((each, at) => (at === state.focus ? input : each));
  const { [field.key]: before, ...others } = state.errors;
  // Update an error that is already shown; report no new one before the person leaves the field.
  const reading = before === undefined ? undefined : readInput(field, input);
  const errors = reading === undefined || reading.ok ? others : { ...others, [field.key]: reading.message };
  return { ...state, inputs, errors };
}

function editInput(
  input: FieldInput,
  key: FormKey,
  titles: readonly string[],
  mayBeEmpty: boolean,
  hasLines: boolean,
): FieldInput {
  if (input.kind === 'text') {
    if (key.name === 'set-text') return { ...input, input: createTextInput(key.text) };
    const edit = textEdit(key, hasLines);
    return edit === undefined ? input : { ...input, input: editText(input.input, edit) };
  }
  const at = input.kind === 'choice' ? input.chosen : input.cursor;
  const moved = moveOption(at, key, titles, input.kind === 'choice' && mayBeEmpty);
  if (input.kind === 'choice') return moved === at ? input : { ...input, chosen: moved };
  if (key.name === 'text' && key.text === ' ') return { ...input, chosen: withToggled(input.chosen, input.cursor) };
  return moved === at ? input : { ...input, cursor: moved };
}

/** Edit that a key makes in a text field; in a one-line field a pasted line break becomes a space. */
export function textEdit(key: FormKey, hasLines: boolean): TextEdit | undefined {
  switch (key.name) {
    case 'text':
      return { kind: 'insert', text: hasLines ? key.text : key.text.replaceAll('\n', ' ') };
    case 'left':
    case 'right':
    case 'home':
    case 'end':
    case 'backspace':
    case 'delete':
    case 'delete-word':
    case 'delete-line':
    case 'delete-rest':
      return { kind: key.name };
    default:
      return undefined;
  }
}

function moveOption(at: number, key: FormKey, titles: readonly string[], mayBeEmpty: boolean): number {
  const last = titles.length - 1;
  switch (key.name) {
    case 'left':
      if (at < 0) return last;
      return at === 0 ? (mayBeEmpty ? -1 : last) : at - 1;
    case 'right':
      return at < last ? at + 1 : mayBeEmpty ? -1 : 0;
    case 'home':
      return 0;
    case 'end':
      return last;
    case 'page-up':
      return Math.max(Math.min(at, 0), at - MAX_OPTION_ROWS);
    case 'page-down':
      return Math.min(last, at + MAX_OPTION_ROWS);
    case 'backspace':
    case 'delete':
      return mayBeEmpty ? -1 : at;
    case 'text':
      return key.text === ' ' ? (at < last ? at + 1 : 0) : jumpTo(at, key.text, titles);
    default:
      return at;
  }
}

/** Next option that starts with the letter, wrapping around. */
function jumpTo(at: number, letter: string, titles: readonly string[]): number {
  const order = titles.map((_title, step) => (at + 1 + step + titles.length) % titles.length);
  return order.find((each) => titles[each]?.toLowerCase().startsWith(letter.toLowerCase())) ?? at;
}

function withToggled(chosen: readonly number[], at: number): readonly number[] {
  return chosen.includes(at) ? chosen.filter((each) => each !== at) : [...chosen, at];
}

function updateReview(state: FormState, key: FormKey): FormState {
  const hasFields = state.fields.length > 0;
  switch (key.name) {
    case 'left':
    case 'back-tab':
      return markNext(state, -1);
    case 'right':
    case 'tab':
      return markNext(state, 1);
    case 'up':
      return hasFields ? { ...state, step: 'fields', focus: firstInvalid(state) } : state;
    case 'enter':
      return submit(state);
    default:
      return state;
  }
}

function firstInvalid(state: FormState): number {
  const wrong = state.fields.findIndex((field) => own(state.errors, field.key) !== undefined);
  return wrong === -1 ? state.fields.length - 1 : wrong;
}

/** True if the choice is available now: sending content requires valid fields. */
export function isChoiceOpen(state: FormState, at: number): boolean {
  const choice = state.choices[at];
  if (choice === undefined) return false;
  return choice === 'decline' || choice === 'cancel' || Object.keys(state.errors).length === 0;
}

function markNext(state: FormState, step: 1 | -1): FormState {
  const count = state.choices.length;
  const start = state.marked === -1 && step === -1 ? 0 : state.marked;
  for (let hop = 1; hop <= count; hop++) {
    const at = (start + step * hop + count * 2) % count;
    if (isChoiceOpen(state, at)) return { ...state, marked: at };
  }
  return state;
}

function submit(state: FormState): FormState {
  const choice = state.choices[state.marked];
  if (choice === undefined || !isChoiceOpen(state, state.marked)) return state;
  if (choice === 'decline' || choice === 'cancel') return { ...state, submission: { choice } };
  return { ...state, submission: { choice, content: readForm(state).content } };
}
