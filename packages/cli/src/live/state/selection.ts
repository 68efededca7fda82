import type { TaskRecord } from '@mcp-tasks/client';
import type { Model } from './model.ts';

/** The task that keys act on: the one of the open page, else of the selected row. */
export function selectedRecord(model: Model): TaskRecord | undefined {
  if (model.page.kind === 'detail') return model.records.get(model.page.id);
  const id = model.order[selectedIndex(model)];
  return id === undefined ? undefined : model.records.get(id);
}

/** Marked tasks of the list that the filter shows: keys act on these alone. */
export function shownMarks({ page, order, marked }: Model): readonly string[] {
  return page.kind === 'list' && marked.size > 0 ? order.filter((id) => marked.has(id)) : [];
}

/** The marks without those of tasks that were acted on. */
export function withoutMarks(marked: ReadonlySet<string>, acted: Iterable<string>): ReadonlySet<string> {
  const left = new Set(marked);
  for (const id of acted) left.delete(id);
  return left;
}

export function selectedIndex(model: Model): number {
  const at = model.selected === null ? 0 : model.order.indexOf(model.selected);
  return Math.max(0, at);
}

/** Keeps the cursor on its task when rows move; if the task is gone, keeps its index. */
export function keepSelection(before: Model, after: Model): Model {
  if (after.order === before.order && after.selected === before.selected) return after;
  if (after.selected !== null && after.order.includes(after.selected)) return after;
  const place = before.selected === null ? 0 : Math.max(0, before.order.indexOf(before.selected));
  const selected = after.order[Math.min(place, after.order.length - 1)] ?? null;
  return { ...after, selected };
}

/** First visible row, so that the selected one stays in view, near the middle of a long list. */
export function windowStart(index: number, count: number, height: number): number {
  return Math.max(0, Math.min(index - Math.floor(height / 2), count - height));
}
