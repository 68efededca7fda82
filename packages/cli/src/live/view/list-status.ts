import type { Model } from '../state/model.ts';
import { shownMarks } from '../state/selection.ts';
import { type Line, line, span, spread } from './line.ts';

/** Row of the marks and of the filter; undefined without both. Keys act on the marked tasks that the list shows. */
export function viewListStatus(model: Model): Line | undefined {
  const { filter, filtering, marked, order, records, columns } = model;
  const isFiltered = filtering || filter.text !== '';
  if (!isFiltered && marked.size === 0) return undefined;
  const shown = filtering ? 0 : shownMarks(model).length;
  const hidden = filtering ? 0 : marked.size - shown;
  const marks = shown === 0 ? '' : `${shown} marked: a, c and f act on all of them`;
  const text = isFiltered ? `/${filter.text}` : '';
  const right = [
    shown > 0 ? text : '',
    hidden > 0 ? `${hidden} marked, hidden` : '',
    isFiltered ? `${order.length} of ${records.size}` : '',
  ];
  const left = shown > 0 ? [span(marks, 'accent')] : filterSpans(text, filtering);
  return spread(line(...left), line(span(right.filter((part) => part !== '').join('  '), 'dim')), columns);
}

function filterSpans(text: string, filtering: boolean) {
  return text === '' ? [] : [span('/', 'accent'), span(text.slice(1), filtering ? 'plain' : 'accent')];
}
