import { openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { statusWord } from '../../display/status-word.ts';
import { type FactOptions, factsOf } from '../../display/task-facts.ts';
import type { LogEntry, Model, Page } from '../state/model.ts';
import { logsOf } from '../state/on-log.ts';
import { repeatable } from '../state/questions.ts';
import { readQuestion } from '../state/read-question.ts';
import { displayOf, type TaskDisplay } from '../state/task-display.ts';
import type { Body } from './body.ts';
import { clockTime, dayAndTime, manyLines, oneLine, shortDuration, shortWait } from './format.ts';
import { fitText, type Line, line, span, spread, type Tone } from './line.ts';
import { progressBar, progressOf } from './progress.ts';
import { resultLines } from './result.ts';
import { messageOf, signOf } from './row.ts';
import { wrapText } from './wrap.ts';

const LABEL = 14;

export function viewDetail(model: Model, page: Extract<Page, { kind: 'detail' }>, height: number): Body {
  const record = model.records.get(page.id);
  if (record === undefined) return { lines: [] };
  const display = displayOf(record);
  const lines = detailLines(model, record);
  const room = Math.max(1, height - 1);
  const scrollMax = Math.max(0, lines.length - room);
  const from = Math.min(page.scroll, scrollMax);
  const shown = lines.slice(from, from + room);
  const title = spread(
    line(signOf(display), ' ', span(oneLine(record.tool), 'strong'), span(` on ${oneLine(record.server.label)}`)),
    line(span(scrollMark(from, scrollMax), 'accent'), span(record.id, 'dim')),
    model.columns,
  );
  return { lines: [title, ...shown], scrollMax };
}

/** Marks in which directions the page scrolls. */
function scrollMark(from: number, scrollMax: number): string {
  if (scrollMax === 0) return '';
  return `${from > 0 ? '↑' : ' '}${from < scrollMax ? '↓' : ' '}  `;
}

function detailLines(model: Model, record: TaskRecord): readonly Line[] {
  const { now } = model;
  const width = model.columns;
  const display = displayOf(record);
  const lines: Line[] = [];
  const fact = (label: string, text: string | undefined, tone: Tone = 'plain') => {
    if (text !== undefined && text !== '') lines.push(...labelled(label, text, tone, width));
  };
  fact('status', display.word, signOf(display).tone);
  fact('progress', progressText(record));
  if (record.outcome === null) fact('message', messageOf(model, record, withStatusMessage(record, display)));
  else lines.push(line(''), ...resultLines(record.outcome, width), line(''));
  for (const request of Object.values(openQuestions(record))) {
    const question = readQuestion(request);
    fact('asks', manyLines(question.message), 'ask');
    if (question.kind === 'url') fact('', oneLine(question.url));
    if (question.kind === 'unanswerable') fact('', question.why, 'dim');
  }
  const repeats = new Set(repeatable(model, record).map((ref) => ref.key));
  const options = {
    now,
    duration: shortDuration,
    clock: (at: number) => dayAndTime(at, now),
    lastPoll: lastPollOf(model, record),
    again: (key: string) => (repeats.has(key) ? '; a answers again' : ''),
  };
  for (const { name, text, tone } of factsOf(record, options)) fact(name, manyLines(text, 2_000), tone);
  fact('polling', pollOf(model, record));
  if (Object.keys(record.arguments).length > 0) {
    fact('arguments', manyLines(JSON.stringify(record.arguments, null, 2)));
  }
  if (record.history.length > 0) {
    lines.push(line(''), line(span('History', 'strong')));
    for (const entry of record.history) lines.push(...historyLines(entry, width, now));
  }
  const logs = logsOf(model, record);
  if (logs.length > 0) {
    lines.push(line(''), line(span(`Log of ${oneLine(record.server.label)}`, 'strong')));
    for (const entry of logs) lines.push(...logLines(entry, width));
  }
  return lines;
}

const LEVEL_TONES: ReadonlyMap<string, Tone> = new Map([
  ['warning', 'warn'],
  ['error', 'bad'],
  ['critical', 'bad'],
  ['alert', 'bad'],
  ['emergency', 'bad'],
]);

function logLines({ at, level, text }: LogEntry, width: number): readonly Line[] {
  const time = `${clockTime(at)}  `;
  const lead = `${fitText(level, 9)}  `;
  const rows = wrapText(text, Math.max(8, width - time.length - lead.length));
  return rows.map((row, place) =>
    place === 0
      ? line(span(time, 'dim'), span(lead, LEVEL_TONES.get(level) ?? 'dim'), span(row))
      : line(span(' '.repeat(time.length + lead.length)), span(row)),
  );
}

function progressText(record: TaskRecord): string | undefined {
  const known = record.phase === 'open' && record.progress !== undefined ? progressOf(record) : undefined;
  if (known === undefined) return undefined;
  const message = oneLine(record.progress?.message ?? '');
  const bar = known.share === undefined ? '' : progressBar(known.share, 20);
  return [known.text, bar, message === record.statusMessage ? '' : message].filter((part) => part !== '').join('  ');
}

/** The question has its own rows here, so show the task's status message instead. */
function withStatusMessage(record: TaskRecord, display: TaskDisplay): TaskDisplay {
  return display.kind === 'asks' ? { ...display, message: record.statusMessage ?? '' } : display;
}

function labelled(label: string, text: string, tone: Tone, width: number): readonly Line[] {
  return wrapText(text, Math.max(8, width - LABEL)).map((row, at) =>
    line(span(fitText(at === 0 ? label : '', LABEL), 'dim'), span(row, tone)),
  );
}

function historyLines(entry: TaskRecord['history'][number], width: number, now: number): readonly Line[] {
  const time = now - entry.at < 86_400_000 ? clockTime(entry.at) : dayAndTime(entry.at, now);
  const lead = `${time}  ${fitText(statusWord(entry.status), 14)}  `;
  const rows = wrapText(oneLine(entry.message ?? ''), Math.max(8, width - lead.length));
  return rows.map((row, at) => line(span(at === 0 ? lead : ' '.repeat(lead.length), 'dim'), span(row)));
}

/** Last poll of the task. A poll without news is saved only once a minute, so only the polling process knows it. */
function lastPollOf({ polling }: Model, record: TaskRecord): FactOptions['lastPoll'] {
  if (polling?.id !== record.id || record.phase === 'settled' || polling.by === 'nobody') return undefined;
  return polling.by === 'here' ? { at: polling.observedAt, orLater: false } : { at: 0, orLater: true };
}

function pollOf(model: Model, record: TaskRecord): string | undefined {
  if (record.phase === 'settled' || record.taskId === null) return undefined;
  if (model.others.has(record.id)) return 'only listed: another client called it, t adopts it';
  if (model.detached.has(record.id)) return 'detached: not followed here';
  const every =
    record.pollIntervalMs === undefined
      ? ''
      : `every ${Math.round(record.pollIntervalMs / 100) / 10} s as the server asks`;
  return [every, nextPoll(model, record)].filter((part) => part !== '').join(', ');
}

function nextPoll({ now, polling }: Model, record: TaskRecord): string {
  const known = polling?.id === record.id ? polling : undefined;
  if (known?.by === 'another') return 'by another process';
  const at = known?.by === 'here' ? known.nextPollAt : record.nextPollAt;
  return at === undefined ? '' : `next ${nextIn(at - now)}`;
}

function nextIn(ms: number): string {
  return ms <= 0 ? 'now' : `in ${shortWait(ms)}`;
}
