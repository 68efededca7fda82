import type { Field } from '../../forms/field.ts';
import type { FieldInput } from '../../forms/form-state.ts';
import { isStacked, MAX_OPTION_ROWS } from '../../forms/is-stacked.ts';
import type { Body } from './body.ts';
import { oneLine } from './format.ts';
import { cutLine, type Line, type Span, span, widthOf } from './line.ts';

type Options = Exclude<FieldInput, { kind: 'text' }>;

interface OptionsFrame {
  readonly width: number;
  /** Maximum number of rows. */
  readonly max: number;
}

/** Position in a list that does not fit. */
export function optionPosition({ options }: Field, input: FieldInput): string | undefined {
  if (input.kind === 'text' || options.length <= MAX_OPTION_ROWS) return undefined;
  if (input.kind === 'choice') {
    return input.chosen < 0 ? `${options.length} to choose from` : `${input.chosen + 1} of ${options.length}`;
  }
  return `${input.cursor + 1} of ${options.length}, ${input.chosen.length} marked`;
}

/** Options side by side if they fit, else one per row. */
export function optionLines(field: Field, input: Options, { width, max }: OptionsFrame): Body {
  const at = input.kind === 'choice' ? input.chosen : input.cursor;
  const spans = field.options.map((option, index) => {
    const isChosen = input.kind === 'choice' ? input.chosen === index : input.chosen.includes(index);
    const box = input.kind === 'choice' ? (isChosen ? '(x)' : '( )') : isChosen ? '[x]' : '[ ]';
    return optionSpan(`${box} ${oneLine(option.title)}`, index === at);
  });
  const total = spans.reduce((sum, each) => sum + widthOf(each.text) + 2, -2);
  if (!isStacked(field) && total <= width) return sideBySide(spans, at);
  const start = Math.max(0, Math.min(at - Math.floor(max / 2), spans.length - max));
  const shown = spans.slice(start, start + max);
  const lines: Line[] = shown.map((each) => cutLine([each], width));
  return { lines, cursor: at < 0 ? undefined : { row: at - start, column: 1 } };
}

function optionSpan(text: string, marked: boolean): Span {
  return span(text, marked ? 'marked' : 'plain');
}

function sideBySide(spans: readonly Span[], at: number): Body {
  const parts = spans.flatMap((each, index) => (index === 0 ? [each] : [span('  '), each]));
  const before = spans.slice(0, Math.max(0, at)).reduce((sum, each) => sum + widthOf(each.text) + 2, 0);
  return { lines: [parts], cursor: at < 0 ? undefined : { row: 0, column: before + 1 } };
}
