import type { Action } from '../keys/binding.ts';
import { matchingTools } from './matching-tools.ts';
import type { Model } from './model.ts';
import { callableServers } from './on-call.ts';
import { selectedIndex } from './selection.ts';

type Move = Extract<Action, 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom' | 'previous-task' | 'next-task'>;

export function move(model: Model, action: Move): Model {
  const { page, overlay } = model;
  if (overlay?.kind === 'help') {
    const scroll = movedPosition(overlay.scroll, action, Number.MAX_SAFE_INTEGER, pageSize(model));
    return { ...model, overlay: { ...overlay, scroll } };
  }
  switch (page.kind) {
    case 'list': {
      const at = movedPosition(selectedIndex(model), action, model.order.length, pageSize(model));
      return { ...model, selected: model.order[at] ?? null };
    }
    case 'detail': {
      if (action === 'previous-task' || action === 'next-task') return otherTask(model, page.id, action);
      // The view limits the lower end of scrolling; here only the upper end.
      const scroll = movedPosition(page.scroll, action, Number.MAX_SAFE_INTEGER, pageSize(model));
      return { ...model, page: { ...page, scroll } };
    }
    case 'pick-server':
      return { ...model, page: { ...page, at: movedPosition(page.at, action, callableServers(model).length, 10) } };
    case 'pick-tool': {
      if (page.tools === 'loading' || 'failed' in page.tools) return model;
      const count = matchingTools(page.tools, page.filter.text).length;
      return { ...model, page: { ...page, at: movedPosition(page.at, action, count, 10) } };
    }
    default:
      return model;
  }
}

function movedPosition(at: number, action: Move, count: number, pageRows: number): number {
  const steps = {
    up: -1,
    down: 1,
    'page-up': -pageRows,
    'page-down': pageRows,
    top: -at,
    bottom: count - 1 - at,
  } as const;
  const step = action === 'previous-task' || action === 'next-task' ? 0 : steps[action];
  return Math.max(0, Math.min(count - 1, at + step));
}

/** Visible rows, less one for continuity. */
function pageSize(model: Model): number {
  return Math.max(1, model.rows - 4);
}

function otherTask(model: Model, id: string, action: 'previous-task' | 'next-task'): Model {
  const at = model.order.indexOf(id) + (action === 'next-task' ? 1 : -1);
  const next = model.order[at];
  return next === undefined ? model : { ...model, selected: next, page: { kind: 'detail', id: next, scroll: 0 } };
}
