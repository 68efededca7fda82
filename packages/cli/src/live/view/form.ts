import { own } from '@mcp-tasks/client';
import type { Field } from '../../forms/field.ts';
import type { FieldInput, FormState } from '../../forms/form-state.ts';
import { MAX_OPTION_ROWS } from '../../forms/is-stacked.ts';
import type { Body } from './body.ts';
import { optionLines, optionPosition } from './field-options.ts';
import { fieldSummary, fieldTitle } from './field-value.ts';
import type { FormFrame, FormPart } from './form-frame.ts';
import { oneLine } from './format.ts';
import { viewTextInput } from './input.ts';
import { cutLine, fitText, type Line, line, lineWidth, span, widthOf } from './line.ts';
import { reviewLines } from './review.ts';
import { wrapText } from './wrap.ts';

/** Form in `height` rows: the focused field is always visible, the head first if there is room. */
export function viewForm(form: FormState, whole: FormFrame): Body {
  const frame = { ...whole, height: Math.max(1, whole.height - 1) };
  const { lines, cursor } = viewBelow(form, frame);
  return { lines: [frame.title, ...lines], cursor: cursor && { ...cursor, row: cursor.row + 1 } };
}

function viewBelow(form: FormState, frame: FormFrame): Body {
  const part = form.step === 'review' ? reviewLines(form, frame) : fieldsPart(form, frame);
  const whole = form.errors[''];
  const notice =
    whole === undefined ? [] : wrapText(`✗ ${oneLine(whole)}`, frame.width).map((row) => line(span(row, 'bad')));
  const all = [...frame.head, ...(frame.height >= 12 ? [line('')] : []), ...notice];
  const lines = [...all, ...part.lines];
  const focusTop = all.length + part.top;
  const focusEnd = all.length + part.end;
  const start = scrollTo(lines.length, frame.height, focusTop, focusEnd);
  const cursor = part.cursor && { row: all.length + part.cursor.row - start, column: part.cursor.column };
  return { lines: lines.slice(start, start + frame.height), cursor };
}

function scrollTo(count: number, height: number, top: number, end: number): number {
  if (count <= height || end <= height) return 0;
  return Math.max(0, Math.min(top, end - height));
}

function fieldsPart(form: FormState, frame: FormFrame): FormPart {
  const lines: Line[] = [];
  const label = Math.min(
    Math.floor(frame.width / 3),
    Math.max(0, ...form.fields.map((field) => widthOf(fieldTitle(field)))),
  );
  let part: Omit<FormPart, 'lines'> = { top: 0, end: 1 };
  form.fields.forEach((field, at) => {
    const input = form.inputs[at];
    if (input === undefined) return;
    if (at !== form.focus) {
      lines.push(unfocusedField(form, field, input, label, frame.width));
      return;
    }
    const focused = focusedField(form, field, input, frame);
    const { cursor } = focused;
    part = {
      top: lines.length,
      end: lines.length + focused.lines.length,
      cursor: cursor && { row: lines.length + cursor.row, column: cursor.column },
    };
    lines.push(...focused.lines);
  });
  return { lines, ...part };
}

function unfocusedField(form: FormState, field: Field, input: FieldInput, label: number, width: number): Line {
  const error = own(form.errors, field.key);
  const value = fieldSummary(field, input);
  const parts = [span('  '), span(fitText(fieldTitle(field), label)), span(field.required ? ' * ' : '   ', 'warn')];
  const shown = value === '' ? span('—', 'dim') : span(value, 'accent');
  return cutLine(
    error === undefined ? [...parts, shown] : [...parts, shown, span(`  ✗ ${oneLine(error)}`, 'bad')],
    width,
  );
}

function focusedField(form: FormState, field: Field, input: FieldInput, { width, height }: FormFrame): Body {
  const hints = [field.required ? 'required' : 'optional', optionPosition(field, input), field.limits]
    .filter((hint) => hint !== undefined)
    .join(', ');
  const title = [span('❯ ', 'accent'), span(fieldTitle(field), 'strong'), span(field.required ? ' * ' : '  ', 'warn')];
  const room = width - lineWidth(title);
  const heading = cutLine(room >= 12 ? [...title, span(oneLine(hints), 'dim')] : title, width);
  const entry =
    input.kind === 'text'
      ? viewTextInput(input.input, { width: width - 4, wraps: field.type === 'json' })
      : optionLines(field, input, { width: width - 4, max: Math.max(1, Math.min(MAX_OPTION_ROWS, height - 2)) });
  const description = wrapText(oneLine(field.description ?? ''), width - 4).filter((row) => row !== '');
  const error = own(form.errors, field.key);
  const below = [
    ...(error === undefined
      ? []
      : wrapText(`✗ ${oneLine(error)}`, width - 4).map((row) => line('    ', span(row, 'bad')))),
    ...description.slice(0, 3).map((row) => line('    ', span(row, 'dim'))),
  ];
  const indented = entry.lines.map((each) => [span('  │ ', 'accent'), ...each]);
  const cursor = entry.cursor && { row: entry.cursor.row + 1, column: entry.cursor.column + 4 };
  return { lines: [heading, ...indented, ...below], cursor };
}
