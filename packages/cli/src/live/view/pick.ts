import { matchingTools } from '../state/matching-tools.ts';
import type { Model, Page, ServerInfo } from '../state/model.ts';
import { callableServers } from '../state/on-call.ts';
import { windowStart } from '../state/selection.ts';
import type { Body } from './body.ts';
import { oneLine, STATE_LABELS } from './format.ts';
import { cutLine, fitText, type Line, line, span, widthOf } from './line.ts';
import { glyphs } from './theme.ts';
import { wrapText } from './wrap.ts';

export function viewPickServer(model: Model, page: Extract<Page, { kind: 'pick-server' }>, height: number) {
  const servers = callableServers(model);
  const start = windowStart(page.at, servers.length, height - 1);
  return [
    line(span('New call: on which server?', 'strong')),
    ...servers
      .slice(start, start + height - 1)
      .map((server, at) => choice(model, oneLine(server.label), stateOf(server), start + at === page.at, 0)),
  ];
}

export function viewPickTool(model: Model, page: Extract<Page, { kind: 'pick-tool' }>, height: number): Body {
  const label = oneLine(model.servers.get(page.fingerprint)?.label ?? '');
  const prompt = `New call on ${label}: `;
  const first = cutLine(line(span(prompt, 'strong'), span(page.filter.text)), model.columns);
  const cursor = { row: 0, column: widthOf(prompt) + widthOf(page.filter.text.slice(0, page.filter.cursor)) };
  const textLines = (text: string, tone: 'dim' | 'bad') =>
    wrapText(text, model.columns - 2).map((row) => line('  ', span(row, tone)));
  if (page.tools === 'loading') {
    const isHere = model.servers.get(page.fingerprint)?.state === 'connected';
    return {
      lines: [first, ...textLines(isHere ? 'Asking for its tools…' : `Connecting to ${label}…`, 'dim')],
      cursor,
    };
  }
  if ('failed' in page.tools) {
    const next = 'Its tools appear here as soon as it answers.';
    return { lines: [first, ...textLines(oneLine(page.tools.failed), 'bad'), ...textLines(next, 'dim')], cursor };
  }
  const tools = matchingTools(page.tools, page.filter.text);
  if (tools.length === 0) {
    return {
      lines: [first, ...textLines(page.tools.length === 0 ? 'It has no tools.' : 'No tool matches.', 'dim')],
      cursor,
    };
  }
  const max = Math.max(Math.floor(model.columns / 3), Math.min(30, model.columns - 3));
  const name = Math.min(max, Math.max(...tools.map((tool) => widthOf(oneLine(tool.name)))));
  const start = windowStart(page.at, tools.length, height - 1);
  const rows = tools.slice(start, start + height - 1).map((tool, at) => {
    const about = tool.title ?? tool.description ?? '';
    const note = tool.taskSupport === 'forbidden' ? 'no task support · ' : '';
    return choice(model, oneLine(tool.name), oneLine(note + about), start + at === page.at, name);
  });
  return { lines: [first, ...rows], cursor };
}

/** Server state, if it prevents a call. */
function stateOf({ state }: ServerInfo): string {
  return state === 'connected' ? '' : STATE_LABELS[state];
}

function choice(model: Model, name: string, about: string, marked: boolean, width: number): Line {
  const shown = width === 0 ? name : fitText(name, width);
  return cutLine(
    line(
      span(marked ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(shown, marked ? 'strong' : 'plain'),
      '  ',
      span(about, 'dim'),
    ),
    model.columns,
  );
}
