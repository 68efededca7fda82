import type { Model } from '../state/model.ts';
import { viewFooter, viewHeader, viewStatus, viewWarning } from './bars.ts';
import type { Body } from './body.ts';
import { viewDetail } from './detail.ts';
import { viewHelp } from './help.ts';
import { viewLeaving } from './leaving.ts';
import { cutLine, type Line, sameLine, widthOf } from './line.ts';
import { viewList } from './list.ts';
import { TWO_PANES, viewPanes } from './panes.ts';
import { viewPickServer, viewPickTool } from './pick.ts';
import { viewCall, viewQuestion, viewWithdrawn } from './question.ts';

export interface ViewFrame {
  /** Exactly one line per terminal row. */
  readonly lines: readonly Line[];
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
  /** Maximum scroll position; absent for a page that does not scroll. */
  readonly scrollMax?: number | undefined;
}

export function viewFrame(model: Model): ViewFrame {
  const status = viewStatus(model);
  const below = [...status, viewFooter(model)];
  const above = [...(hasHeader(model) ? [viewHeader(model)] : []), ...viewWarning(model)];
  const height = Math.max(0, model.rows - above.length - below.length);
  const body = viewBody(model, height);
  const lines = body.lines.slice(0, height);
  while (lines.length < height) lines.push([]);
  const all = [...above, ...lines, ...below]
    .map((each) => cutLine(each, model.columns))
    .slice(0, Math.max(1, model.rows));
  return { lines: all, cursor: cursorOf(model, body, above.length, height), scrollMax: body.scrollMax };
}

/** True if both frames look the same, which saves most redraws of a quiet screen. */
export function sameFrame(one: ViewFrame, other: ViewFrame): boolean {
  return (
    one.lines.length === other.lines.length &&
    one.lines.every((each, at) => sameLine(each, other.lines[at])) &&
    one.cursor?.row === other.cursor?.row &&
    one.cursor?.column === other.cursor?.column
  );
}

/** A form on a small screen replaces the header. */
function hasHeader(model: Model): boolean {
  return model.rows >= 14 || model.page.kind === 'list';
}

function viewBody(model: Model, height: number): Body {
  if (model.overlay?.kind === 'leaving' && model.overlay.work !== null) return { lines: viewLeaving(model, height) };
  if (model.overlay?.kind === 'help') return viewHelp(model, model.overlay.scroll, height);
  const { page } = model;
  switch (page.kind) {
    case 'list':
      return { lines: model.columns >= TWO_PANES ? viewPanes(model, height) : viewList(model, height) };
    case 'detail':
      return viewDetail(model, page, height);
    case 'question':
      return viewQuestion(model, page, height);
    case 'call':
      return viewCall(model, page, height);
    case 'withdrawn':
      return { lines: viewWithdrawn(model, page) };
    case 'pick-server':
      return { lines: viewPickServer(model, page, height) };
    case 'pick-tool':
      return viewPickTool(model, page, height);
  }
}

function cursorOf(model: Model, body: Body, top: number, height: number): ViewFrame['cursor'] {
  if (model.overlay !== null) return undefined;
  if (model.filtering && model.page.kind === 'list') {
    const before = widthOf(model.filter.text.slice(0, model.filter.cursor));
    return { row: model.rows - 2, column: Math.min(model.columns - 1, 1 + before) };
  }
  const { cursor } = body;
  if (cursor === undefined || cursor.row < 0 || cursor.row >= height) return undefined;
  return { row: cursor.row + top, column: Math.min(model.columns - 1, cursor.column) };
}
