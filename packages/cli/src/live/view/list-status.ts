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
  const left = [];
  if (shown > 0) left.push(span(`${shown} marked: a, c and f act on all of them`, 'accent'));
  else if (isFiltered) left.push(span('/', 'accent'), span(filter.text, filtering ? 'plain' : 'accent'));
  const right = [
    shown > 0 && isFiltered ? `/${filter.text}` : '',
    hidden > 0 ? `${hidden} marked, hidden` : '',
    isFiltered ? `${order.length} of ${records.size}` : '',
  ];
  return spread(left, line(span(right.filter((part) => part !== '').join('  '), 'dim')), columns);
}
