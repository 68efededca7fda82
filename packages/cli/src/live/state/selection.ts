import type { TaskRecord } from '@mcp-tasks/client';
import type { Model } from './model.ts';

/** The task that keys act on: the open detail's, or else the marked row's. */
export function selectedRecord(model: Model): TaskRecord | undefined {
  if (model.page.kind === 'detail') return model.records.get(model.page.id);
  const id = model.order[selectedIndex(model)];
  return id === undefined ? undefined : model.records.get(id);
}

export function selectedIndex(model: Model): number {
  const at = model.selected === null ? 0 : model.order.indexOf(model.selected);
  return Math.max(0, at);
}

/** The cursor stays with its task wherever that moves; where the task went away, it stays in its place. */
export function keepSelection(before: Model, after: Model): Model {
  if (after.order === before.order && after.selected === before.selected) return after;
  if (after.selected !== null && after.order.includes(after.selected)) return after;
  const place = before.selected === null ? 0 : Math.max(0, before.order.indexOf(before.selected));
  const selected = after.order[Math.min(place, after.order.length - 1)] ?? null;
  return { ...after, selected };
}

/** The first row of the window that keeps the marked row in view, near its middle once the list is longer. */
export function windowStart(index: number, count: number, height: number): number {
  return Math.max(0, Math.min(index - Math.floor(height / 2), count - height));
}
