import { isCallLost, isTerminal } from '@mcp-tasks/client';
import type { Binding } from '../keys/binding.ts';
import { bindingsFor } from '../keys/keymap.ts';
import type { Model, ServerInfo } from '../state/model.ts';
import { allQuestions } from '../state/questions.ts';
import { isSilent } from '../state/task-display.ts';
import { oneLine, plural, STATE_LABELS } from './format.ts';
import { cutLine, type Line, line, lineWidth, type Span, span, spread, type Tone } from './line.ts';
import { viewListStatus } from './list-status.ts';
import { wrapText } from './wrap.ts';

/** Header row: counts of tasks, and the servers' states. */
export function viewHeader(model: Model): Line {
  if (model.title !== undefined) return cutLine(line(span(model.title, 'strong')), model.columns);
  const { total, asking, running, unknown, done } = countsOf(model);
  const isWide = model.columns >= 60;
  const left: Span[] = isWide ? [span('mcp-tasks', 'strong'), span('  ')] : [];
  const parts: Span[] = [];
  if (isWide && total > 0) parts.push(span(plural(total, 'task')));
  if (asking > 0) parts.push(span(`${asking} ${asking === 1 ? 'needs' : 'need'} input`, 'ask'));
  if (running > 0) parts.push(span(`${running} running`));
  if (unknown > 0) parts.push(span(`${unknown} unknown`, 'warn'));
  if (done > 0) parts.push(span(`${done} done${model.hidesSettled ? ', hidden' : ''}`, 'dim'));
  parts.forEach((part, at) => {
    if (at > 0) left.push(span(' · ', 'dim'));
    left.push(part);
  });
  if (model.readOnly) left.push(span('  read-only', 'warn'));
  return cutLine(spread(left, serversPart(model), model.columns), model.columns);
}

interface Counts {
  readonly total: number;
  readonly asking: number;
  readonly running: number;
  readonly unknown: number;
  readonly done: number;
}

function countsOf(model: Model): Counts {
  const asking = new Set(allQuestions({ ...model, readOnly: false, detached: new Set() }).map(({ id }) => id));
  let running = 0;
  let done = 0;
  let unknown = 0;
  for (const record of model.records.values()) {
    if (record.phase === 'settled' || isTerminal(record.status)) done += 1;
    else if (isCallLost(record)) unknown += 1;
    else if (!asking.has(record.id)) running += 1;
  }
  return { total: model.records.size, asking: asking.size, running, unknown, done };
}

const LABELS = { ...STATE_LABELS, silent: 'no answer, retrying' } as const;
type Label = keyof typeof LABELS;

const TONES: Readonly<Partial<Record<Label, Tone>>> = { connected: 'good', connecting: 'dim', silent: 'warn' };

function serversPart(model: Model): Line {
  const labels = [...model.servers.values()].map((server) => labelFor(server, model));
  const [only] = model.servers.values();
  const [label] = labels;
  if (only === undefined || label === undefined) return [];
  const stateSpan = (each: Label, text: string) => span(text, TONES[each] ?? 'bad');
  if (labels.length === 1) return line(span(`${oneLine(only.label)} `, 'dim'), stateSpan(label, LABELS[label]));
  const parts: Span[] = [span(plural(labels.length, 'server'), 'dim')];
  for (const each of ['connecting', 'silent', 'unreachable', 'auth_required', 'closed'] as const) {
    const count = labels.filter((one) => one === each).length;
    if (count > 0) parts.push(stateSpan(each, `, ${count} ${LABELS[each]}`));
  }
  return parts;
}

/** An unreachable HTTP server still counts as connected: only unanswered polls show it. */
function labelFor({ state, fingerprint }: ServerInfo, { records }: Model): Label {
  if (state !== 'connected') return state;
  const hasSilent = [...records.values()].some(
    (record) => record.server.fingerprint === fingerprint && isSilent(record),
  );
  return hasSilent ? 'silent' : state;
}

/** Warning above every page: what is not saved, and what to do. */
export function viewWarning({ warning, columns, rows }: Model): readonly Line[] {
  if (warning === null) return [];
  return wrapText(oneLine(warning), columns)
    .slice(0, rows < 20 ? 1 : 3)
    .map((row) => cutLine(line(span(row, 'bad')), columns));
}

/** Status rows above the footer; empty without a message. */
export function viewStatus(model: Model): readonly Line[] {
  const row = statusRow(model);
  if (row !== undefined) return [row];
  const { notice } = model;
  if (notice !== null) return messageLines(model, notice.text, notice.tone === 'bad' ? 'bad' : 'accent');
  const refused = [...model.servers.values()].find((server) => server.state === 'auth_required');
  if (refused === undefined || model.page.kind !== 'list' || model.order.length === 0) return [];
  return messageLines(model, `${refused.label}: ${refused.detail ?? ''}`, 'ask');
}

/** Wrap a long message if there is room: its end says what to do. */
function messageLines({ columns, rows }: Model, text: string, tone: Tone): readonly Line[] {
  const max = rows < 14 ? 1 : 3;
  const lines = wrapText(oneLine(text), columns);
  const fit = lines.length <= max ? lines : [...lines.slice(0, max - 1), lines.slice(max - 1).join(' ')];
  return fit.map((row) => cutLine(line(span(row, tone)), columns));
}

function statusRow(model: Model): Line | undefined {
  const { overlay } = model;
  if (overlay?.kind === 'confirm') {
    const record = model.records.get(overlay.id);
    const name = `${oneLine(record?.tool ?? '')} ${overlay.id}`;
    const count = 1 + (overlay.others?.length ?? 0);
    const question =
      count > 1
        ? overlay.act === 'cancel'
          ? `Ask for ${count} tasks to be stopped?`
          : `Delete our records of ${count} tasks? The tasks themselves go on.`
        : overlay.act === 'cancel'
          ? `Ask ${oneLine(record?.server.label ?? 'the server')} to stop ${name}?`
          : `Delete our record of ${name}?${record?.phase === 'settled' ? '' : ' The task itself goes on.'}`;
    return cutLine(line(span(question, 'ask'), span(' y/n', 'strong')), model.columns);
  }
  if (model.leavesAt !== null) {
    const seconds = Math.max(1, Math.ceil((model.leavesAt - model.now) / 1000));
    return cutLine(line(span(`Everything has settled. Leaving in ${seconds} s; any key stays.`, 'ask')), model.columns);
  }
  return model.page.kind === 'list' ? viewListStatus(model) : undefined;
}

/** Keys that act now, as many as fit. */
export function viewFooter(model: Model): Line {
  let shown = bindingsFor(model).filter((binding) => binding.quiet !== true && binding.shown !== '');
  let row = footerRow(shown);
  while (shown.length > 1 && lineWidth(row) > model.columns) {
    const rank = Math.max(...shown.map((binding) => binding.rank ?? 0));
    const drop = shown.findLastIndex((binding) => (binding.rank ?? 0) === rank);
    shown = shown.filter((_binding, at) => at !== drop);
    row = footerRow(shown);
  }
  return cutLine(row, model.columns);
}

function footerRow(bindings: readonly Binding[]): Line {
  return bindings.flatMap((binding, at) => [
    span(at === 0 ? '' : '  '),
    span(binding.shown, 'strong'),
    span(` ${binding.text}`, 'dim'),
  ]);
}
