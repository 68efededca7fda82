import type { Field } from '../../forms/field.ts';
import type { FieldInput } from '../../forms/form-state.ts';
import { oneLine } from './format.ts';

/** Title of the field, or its name if the title is invisible. */
export function fieldTitle(field: Field): string {
  return oneLine(field.title) || oneLine(field.key);
}

/** Value of the field in one line; empty without a value. */
export function fieldSummary(field: Field, input: FieldInput): string {
  const title = (at: number) => oneLine(field.options[at]?.title ?? '');
  switch (input.kind) {
    case 'text':
      return oneLine(input.input.text);
    case 'choice':
      return input.chosen < 0 ? '' : title(input.chosen);
    case 'multi-choice':
      return [...input.chosen]
        .sort((a, b) => a - b)
        .map(title)
        .join(', ');
  }
}
