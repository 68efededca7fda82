import { expect, test } from 'vitest';
import type { FormKey } from './form-key.ts';
import { ANSWER_CHOICES, CALL_CHOICES, createFormState, type FormState } from './form-state.ts';
import { updateForm } from './update-form.ts';

const schema = {
  type: 'object',
  required: ['name', 'env', 'sure'],
  properties: {
    name: { type: 'string', minLength: 2 },
    count: { type: 'integer', default: 3, maximum: 5 },
    env: { type: 'string', enum: ['dev', 'staging', 'prod'] },
    sizes: { type: 'array', items: { type: 'string', enum: ['S', 'M', 'L'] }, default: ['M'] },
    sure: { type: 'boolean' },
  },
} as const;

/** Presses keys: `<enter>` and the like are named keys, all else is typed letter by letter. */
function press(state: FormState, script: string): FormState {
  const keys = script.match(/<[a-z-]+>|./g) ?? [];
  return keys.reduce<FormState>((now, key) => {
    const name = /^<(.+)>$/.exec(key)?.[1];
    return updateForm(now, name === undefined ? { name: 'text', text: key } : ({ name } as FormKey));
  }, state);
}

const fresh = () => createFormState(schema, ANSWER_CHOICES);

test('a filled form is reviewed, then accepted with the entered values', () => {
  const filled = press(fresh(), 'web<enter><backspace>5<enter>p<enter><right><right> <enter>y');
  expect(filled).toMatchObject({ focus: 4, errors: {}, step: 'fields' });
  const reviewed = press(filled, '<enter>');
  expect(reviewed).toMatchObject({ step: 'review', marked: 0, submission: null });
  expect(press(reviewed, '<enter>').submission).toEqual({
    choice: 'accept',
    content: { name: 'web', count: 5, env: 'prod', sizes: ['M', 'L'], sure: true },
  });
});

test('Enter stays at an invalid field and shows the error', () => {
  expect(press(fresh(), 'w<enter>')).toMatchObject({ focus: 0, errors: { name: 'must have at least 2 characters' } });
});

test('a shown error disappears as soon as the value is valid', () => {
  expect(press(fresh(), 'w<enter>e').errors).toEqual({});
});

test('a field shows no error while it is typed for the first time', () => {
  expect(press(fresh(), 'w').errors).toEqual({});
});

test('a required choice has no option chosen by default', () => {
  const state = press(fresh(), 'web<enter><enter><enter>');
  expect(state).toMatchObject({ focus: 2, errors: { env: 'choose one' } });
});

test('with invalid fields, only decline and cancel are available', () => {
  const reviewed = press(fresh(), '<review>');
  expect(reviewed).toMatchObject({ step: 'review', marked: -1 });
  expect(reviewed.errors).toEqual({ name: 'is required', env: 'choose one', sure: 'choose one' });
  expect(press(reviewed, '<enter>').submission).toBeNull();
  expect(press(reviewed, '<right><enter>').submission).toEqual({ choice: 'decline' });
  expect(press(reviewed, '<right><right><enter>').submission).toEqual({ choice: 'cancel' });
  expect(press(reviewed, '<left><enter>').submission).toEqual({ choice: 'cancel' });
});

test('going back from the review focuses the first invalid field', () => {
  expect(press(fresh(), 'web<review><up>')).toMatchObject({ step: 'fields', focus: 2 });
});

test('a question without fields has no choice marked: an extra Enter decides nothing', () => {
  const state = createFormState({ type: 'object', properties: {} }, ANSWER_CHOICES);
  expect(state).toMatchObject({ step: 'review', marked: -1 });
  expect(press(state, '<enter>').submission).toBeNull();
  expect(press(state, '<right><enter>').submission).toEqual({ choice: 'accept', content: {} });
});

test('a call has one choice, marked at once if there are no fields', () => {
  const state = createFormState({ type: 'object' }, CALL_CHOICES);
  expect(press(state, '<enter>').submission).toEqual({ choice: 'call', content: {} });
});

test('a schema without fields is edited as JSON and still checked', () => {
  const state = createFormState({ type: 'object', additionalProperties: { type: 'number' } }, ANSWER_CHOICES);
  const broken = press(state, '<delete-line>{"a":<enter>');
  expect(broken.errors['']).toMatch(/^is not JSON: (?!SyntaxError)/);
  expect(press(state, '<delete-line>{"a":"x"}<enter>').errors).toEqual({ '': 'a must be a number' });
  expect(press(state, '<delete-line>{"a":2}<enter><enter>').submission).toEqual({
    choice: 'accept',
    content: { a: 2 },
  });
});

test('a JSON document has the title and description of its schema', () => {
  const words = { title: 'Limits', description: 'By the name of a resource' };
  const state = createFormState({ type: 'object', additionalProperties: { type: 'number' }, ...words }, ANSWER_CHOICES);
  expect(state.fields).toMatchObject([words]);
});

test('left and right move among the options and wrap around; an optional choice also passes an empty one', () => {
  const chosen = (needed: readonly string[], script: string) =>
    press(
      createFormState({ type: 'object', required: needed, properties: { a: { enum: ['x', 'y', 'z'] } } }, CALL_CHOICES),
      script,
    ).inputs;
  const steps = ['<right>', '<right><right>', '<left>', '<left><left>', '<left><left><left>', '<left><right>'];
  expect(steps.map((script) => chosen(['a'], script))).toEqual(
    [0, 1, 2, 1, 0, 0].map((at) => [{ kind: 'choice', chosen: at }]),
  );
  const optional = [...steps, '<left><left><left><left>'].map((script) => chosen([], script));
  expect(optional).toEqual([0, 1, 2, 1, 0, -1, -1].map((at) => [{ kind: 'choice', chosen: at }]));
});

test('an optional choice can be cleared', () => {
  const optional = createFormState({ type: 'object', properties: { a: { enum: ['x', 'y'] } } }, ANSWER_CHOICES);
  expect(press(optional, '<right><backspace><enter><enter>').submission).toEqual({ choice: 'accept', content: {} });
});

test('the cursor moves by whole graphemes', () => {
  const state = press(createFormState({ type: 'object', properties: { a: { type: 'string' } } }, CALL_CHOICES), 'a');
  const emoji = updateForm(state, { name: 'text', text: '👩‍👩‍👧b' });
  expect(press(emoji, '<left><backspace><left>X<end>!').inputs[0]).toEqual({
    kind: 'text',
    input: { text: 'Xab!', cursor: 4 },
  });
});

test('no key has an effect after the decision', () => {
  const state = press(createFormState({ type: 'object' }, CALL_CHOICES), '<enter>');
  expect(press(state, '<left><enter>')).toBe(state);
});

const document = createFormState(
  { type: 'object', additionalProperties: { type: 'number' }, default: { one: 1, two: 2 } },
  ANSWER_CHOICES,
);
const typed = (state: FormState, text: string) => updateForm(state, { name: 'text', text });
const textOf = (state: FormState) => (state.inputs[0]?.kind === 'text' ? state.inputs[0].input.text : '');

test('a document has several lines: up and down move between lines, Home and End within one', () => {
  expect(textOf(document)).toBe('{\n  "one": 1,\n  "two": 2\n}');
  const edited = typed(press(document, '<up><end><backspace>3'), '0');
  expect(textOf(edited)).toBe('{\n  "one": 1,\n  "two": 30\n}');
  expect(textOf(press(edited, '<up><home><delete-line>'))).toBe(textOf(edited));
  expect(textOf(press(edited, '<up><end><delete-line>'))).toBe('{\n\n  "two": 30\n}');
});

test('a pasted line break is kept in a document and becomes a blank in a line of text', () => {
  expect(textOf(typed(press(document, '<end>'), '\n'))).toBe('{\n  "one": 1,\n  "two": 2\n}\n');
  expect(textOf(typed(fresh(), 'a\nb'))).toBe('a b');
});

test('Ctrl-K deletes the rest of the line', () => {
  expect(textOf(press(document, '<up><home><right><right><delete-rest>'))).toBe('{\n  "one": 1,\n  \n}');
  expect(textOf(press(document, '<home><delete-rest>'))).toBe('{\n  "one": 1,\n  "two": 2\n');
});

test('spaces around an address, a date or a number are removed, those around a text are kept', () => {
  const form = createFormState(
    {
      type: 'object',
      properties: { mail: { type: 'string', format: 'email' }, age: { type: 'integer' }, note: { type: 'string' } },
    },
    ANSWER_CHOICES,
  );
  const filled = [' ann@example.com ', ' 44', ' as it is '].reduce(
    (state, text) => press(typed(state, text), '<enter>'),
    form,
  );
  expect(press(filled, '<enter>').submission).toEqual({
    choice: 'accept',
    content: { mail: 'ann@example.com', age: 44, note: ' as it is ' },
  });
});

test('down from the last line of a document opens the review', () => {
  expect(press(document, '<down>').step).toBe('review');
  expect(press(document, '<up><down>').step).toBe('fields');
});

const titles = ['Technical perspective', 'Historical perspective', 'Current events'];
const stacked = {
  type: 'object',
  properties: {
    view: { type: 'string', enum: titles },
    more: { type: 'array', items: { type: 'string', enum: titles } },
    note: { type: 'string' },
  },
} as const;

test('up and down move among vertical options, and leave the field at either end', () => {
  const fresh = () => createFormState(stacked, ANSWER_CHOICES);
  const chosen = press(fresh(), '<down><down>');
  expect(chosen).toMatchObject({ focus: 0, inputs: [{ chosen: 1 }, {}, {}] });
  expect(press(chosen, '<down><down>')).toMatchObject({ focus: 1, inputs: [{ chosen: 2 }, {}, {}] });
  const marked = press(fresh(), '<tab><down> <down> ');
  expect(marked).toMatchObject({ focus: 1, inputs: [{ chosen: -1 }, { chosen: [1, 2] }, {}] });
  expect(press(marked, '<down>').focus).toBe(2);
  expect(press(marked, '<up><up><up>').focus).toBe(0);
});

test('page keys, Home and End move through a long list of options', () => {
  const zones = Array.from({ length: 300 }, (_each, at) => `zone-${at}`);
  const long = { type: 'string', enum: zones };
  const several = { type: 'array', items: long };
  const form = createFormState({ type: 'object', properties: { long, several } }, ANSWER_CHOICES);
  const chosen = (script: string) => press(form, script).inputs[0];
  const steps = ['<page-down>', '<page-down><page-down>', '<home><page-down><page-up>', '<end>', '<end><page-down>'];
  expect(steps.map(chosen)).toEqual([7, 15, 0, 299, 299].map((at) => ({ kind: 'choice', chosen: at })));
  expect(chosen('<page-up>')).toEqual({ kind: 'choice', chosen: -1 });
  expect(press(form, '<tab><page-down> <end> ').inputs[1]).toEqual({
    kind: 'multi-choice',
    chosen: [8, 299],
    cursor: 299,
  });
});

test('an error deep inside a document is shown with its path, also below a reference', () => {
  const nested = {
    type: 'object',
    properties: { stops: { type: 'array', items: { $ref: '#/$defs/stop' } } },
    $defs: { stop: { type: 'object', properties: { at: { type: 'integer' } } } },
  } as const;
  const state = press(createFormState(nested, CALL_CHOICES), '[{"at": 1.5}]<enter>');
  expect(state).toMatchObject({ step: 'fields', errors: { stops: '0.at must be a whole number' } });
});
