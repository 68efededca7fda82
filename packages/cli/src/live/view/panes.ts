import type { Model } from '../state/model.ts';
import { selectedRecord } from '../state/selection.ts';
import { viewDetail } from './detail.ts';
import { cutLine, type Line, line, lineWidth, span } from './line.ts';
import { viewList } from './list.ts';

/** Minimum width to show the selected task beside the list. */
export const TWO_PANES = 140;

/** The list, with the selected task's page beside it. */
export function viewPanes(model: Model, height: number): readonly Line[] {
  const left = Math.ceil(model.columns / 2);
  const right = model.columns - left - 3;
  const record = selectedRecord(model);
  const list = viewList({ ...model, columns: left }, height);
  if (record === undefined) return list;
  const page = { kind: 'detail', id: record.id, scroll: 0 } as const;
  const detail = viewDetail({ ...model, columns: right, page }, page, height).lines;
  return Array.from({ length: Math.max(list.length, Math.min(height, detail.length)) }, (_each, at) => {
    const row = cutLine(list[at] ?? [], left);
    const gap = span(' '.repeat(left - lineWidth(row)));
    return line(...row, gap, span(' │ ', 'dim'), ...(detail[at] ?? []));
  });
}
