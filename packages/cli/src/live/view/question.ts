import type { TaskRecord } from '@mcp-tasks/client';
import type { Model, Page } from '../state/model.ts';
import { findOpen, queueOf, sameOfMarked, sameQuestion } from '../state/questions.ts';
import { type Question, readQuestion } from '../state/read-question.ts';
import type { Body } from './body.ts';
import { viewForm } from './form.ts';
import { manyLines, oneLine } from './format.ts';
import { cutLine, cutText, type Line, line, lineWidth, span, spread } from './line.ts';
import { glyphs } from './theme.ts';
import { wrapText } from './wrap.ts';

export function viewQuestion(model: Model, page: Extract<Page, { kind: 'question' }>, height: number): Body {
  const record = model.records.get(page.question.id);
  const request = findOpen(model, page.question);
  if (record === undefined || request === undefined) return { lines: [] };
  const question = readQuestion(request);
  const queue = queueOf(model, page);
  const at = queue.findIndex((each) => sameQuestion(each, page.question)) + 1;
  const label = oneLine(record.server.label);
  const which = line(
    span(record.id, 'dim'),
    span(queue.length > 1 ? placeOf(at, queue.length, model.columns) : '', 'ask'),
  );
  const who = line(
    span(`${glyphs.asks} `, 'ask'),
    span(label, 'strong'),
    ' · ',
    span(oneLine(record.tool), 'strong'),
    ' needs your answer',
  );
  // Id and position identify the form: shorten a long server name instead.
  const head = spread(cutLine(who, model.columns - lineWidth(which) - 1), which, model.columns);
  const message = questionLines(question, model.columns, Math.max(2, Math.floor(height / 2)));
  return viewForm(page.form, {
    title: head,
    head: [...argumentLines(record, model.columns), ...sameQuestionLines(model, page), ...message],
    width: model.columns,
    height,
    who: label,
  });
}

function placeOf(at: number, count: number, width: number): string {
  return width < 60 ? ` ${at}/${count}` : ` · ${at} of ${count} left`;
}

/** Ids of the tasks that the same answer applies to. */
function sameQuestionLines(model: Model, page: Extract<Page, { kind: 'question' }>): readonly Line[] {
  const same = sameOfMarked(model, page).map(({ id }) => id);
  if (same.length === 0) return [];
  return [line(span(cutText(`the answer is also for ${same.join(', ')}, which ask the same`, model.columns), 'ask'))];
}

/** Arguments of the call, which distinguish tasks of one tool. */
function argumentLines({ arguments: given }: TaskRecord, width: number): readonly Line[] {
  const pairs = Object.entries(given).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? [] : [line(span(cutText(oneLine(pairs.join('  ')), width), 'dim'))];
}

function questionLines(question: Question, width: number, max: number): readonly Line[] {
  const whole = wrapText(manyLines(question.message), width).map((row) => line(span(row)));
  const more = line(span(cutText('… Esc, and then Enter on the task, shows all of it', width), 'warn'));
  const message = whole.length > max ? [...whole.slice(0, max - 1), more] : whole;
  if (question.kind !== 'url') return message;
  return [...message, ...urlLines(question.url, width)];
}

/** The whole URL, and its host on a separate line. */
function urlLines(url: string, width: number): readonly Line[] {
  const shown = wrapText(manyLines(url, 100_000).replaceAll('\n', ' '), Math.max(8, width - 6));
  const whole = shown.map((row, at) => line(span(at === 0 ? 'url   ' : '      ', 'dim'), span(row)));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return [...whole, line(span('This is not a URL that can be opened.', 'bad'))];
  const warnings: Line[] = [];
  if (parsed.username !== '' || parsed.password !== '') {
    warnings.push(line(span('The part before the @ is not the host.', 'warn')));
  }
  if (parsed.protocol !== 'https:' && !/^(localhost|127\.|\[::1\])/.test(parsed.hostname)) {
    warnings.push(line(span(`Not encrypted: ${parsed.protocol.slice(0, -1)}.`, 'warn')));
  }
  if (parsed.hostname.includes('xn--')) {
    warnings.push(line(span('The host name has letters that may look like others.', 'warn')));
  }
  const host = line(span('host  ', 'dim'), span(parsed.host === '' ? parsed.protocol : parsed.host, 'ask'));
  const how = wrapText('o opens it in your browser. Nothing opens by itself.', width);
  return [host, ...whole, ...warnings, ...how.map((row) => line(span(row, 'dim')))];
}

export function viewCall(model: Model, page: Extract<Page, { kind: 'call' }>, height: number): Body {
  const { tool } = page;
  const label = oneLine(model.servers.get(page.fingerprint)?.label ?? '');
  // Omit the label if every tool may create tasks.
  const alike = model.servers.get(page.fingerprint)?.toolsAlike !== false;
  const kind = { forbidden: 'no task support', optional: alike ? '' : 'can be a task', required: 'becomes a task' };
  const head = spread(
    line(span('Call ', 'dim'), span(oneLine(tool.name), 'strong'), span(` on ${label}`)),
    line(span(kind[tool.taskSupport], 'dim')),
    model.columns,
  );
  const about = wrapText(manyLines(tool.description ?? tool.title ?? '', 2_000), model.columns)
    .slice(0, Math.max(1, Math.floor(height / 3)))
    .map((row) => line(span(row, 'dim')));
  return viewForm(page.form, { title: head, head: about, width: model.columns, height, who: label });
}

export function viewWithdrawn(model: Model, page: Extract<Page, { kind: 'withdrawn' }>): readonly Line[] {
  const reason = wrapText(page.text, model.columns).map((row) => line(span(row)));
  return [line(span('The question was withdrawn.', 'ask')), ...reason];
}
