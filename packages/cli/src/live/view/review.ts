import { own } from '@mcp-tasks/client';
import { uncheckedLine } from '../../display/unchecked-line.ts';
import type { Choice, FormState } from '../../forms/form-state.ts';
import { isChoiceOpen } from '../../forms/update-form.ts';
import { fieldSummary, fieldTitle } from './field-value.ts';
import type { FormFrame, FormPart } from './form-frame.ts';
import { oneLine } from './format.ts';
import { cutLine, fitText, type Line, line, lineWidth, type Span, span, widthOf } from './line.ts';
import { wrapText } from './wrap.ts';

const NAMES: Readonly<Record<Choice, string>> = {
  accept: 'Accept',
  decline: 'Decline',
  cancel: 'Dismiss',
  call: 'Call',
};

/** Review: the values to send, and the choices, which only the person makes. */
export function reviewLines(form: FormState, frame: FormFrame): FormPart {
  const { width } = frame;
  const names = form.fields.map(fieldTitle);
  const label = Math.min(Math.floor(width / 3), Math.max(0, ...names.map(widthOf)));
  const values = form.fields.flatMap((field, at) => {
    const input = form.inputs[at];
    const value = input === undefined ? '' : fieldSummary(field, input);
    const error = own(form.errors, field.key);
    const rows = wrapText(value === '' ? '—' : value, Math.max(8, width - label - 4));
    const name = span(fitText(names[at] ?? '', label), 'dim');
    const blank = span(' '.repeat(label));
    const shown = rows.map((row, index) =>
      line('  ', index === 0 ? name : blank, '  ', span(row, value === '' ? 'dim' : 'plain')),
    );
    const wrong = error === undefined ? [] : wrapText(`✗ ${oneLine(error)}`, Math.max(8, width - label - 4));
    return [...shown, ...wrong.map((row) => line('  ', blank, '  ', span(row, 'bad')))];
  });
  const unchecked = form.unchecked.length === 0 ? [] : wrapText(uncheckedLine(form.unchecked), width - 2);
  values.push(...unchecked.map((row) => line('  ', span(row, 'dim'))));
  const gap = frame.height >= 12 && values.length > 0 ? [line('')] : [];
  const choices = choiceLines(form, width);
  const explanation = wrapText(choiceText(form, frame.who), width - 2).map((row) => line('  ', span(row, 'dim')));
  const top = values.length + gap.length;
  return {
    lines: [...values, ...gap, ...choices, ...explanation],
    top,
    end: top + choices.length + explanation.length,
  };
}

function choiceLines(form: FormState, width: number): readonly Line[] {
  const buttons = form.choices.map((choice, at): Line => {
    const marked = form.marked === at;
    const tone = marked ? 'marked' : isChoiceOpen(form, at) ? 'plain' : 'dim';
    return [span(marked ? '❯ ' : '  ', 'accent'), span(`[ ${NAMES[choice]} ]`, tone)];
  });
  const row = buttons.flatMap((button): Span[] => [...button, span(' ')]);
  return lineWidth(row) <= width ? [row] : buttons.map((button) => cutLine(button, width));
}

function choiceText(form: FormState, who: string): string {
  const choice = form.choices[form.marked];
  switch (choice) {
    case 'accept':
      return form.fields.length === 0 ? `Answers ${who} with yes.` : `Sends the above to ${who}.`;
    case 'decline':
      return `Answers ${who} with no. No field is sent.`;
    case 'cancel':
      return 'Dismisses the question, without yes or no. The task is not cancelled.';
    case 'call':
      return `Calls it on ${who}.`;
    default:
      return Object.keys(form.errors).length > 0
        ? `${form.choices.includes('call') ? 'Calling' : 'Accepting'} needs valid fields: ↑ goes back to them.`
        : 'Nothing is chosen for you: ← → and then Enter.';
  }
}
