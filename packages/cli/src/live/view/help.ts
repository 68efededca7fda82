import type { Action, Binding } from '../keys/binding.ts';
import { helpFor, resultKeys } from '../keys/keymap.ts';
import type { Model } from '../state/model.ts';
import type { Body } from './body.ts';
import { fitText, type Line, line, span, type Tone } from './line.ts';
import { glyphs } from './theme.ts';
import { wrapText } from './wrap.ts';

const LEAD = 11;

const SIGNS: readonly (readonly [string, string])[] = [
  [glyphs.working, 'working'],
  [glyphs.asks, 'needs input'],
  [glyphs.completed, 'completed'],
  [glyphs.failed, 'failed or expired'],
  [glyphs.cancelled, 'cancelled'],
  [glyphs.unknown, 'unknown: may have run'],
];

/** Actions by topic; the remaining keys move or leave. */
const TOPICS: readonly (readonly [name: string, actions: readonly Action[]])[] = [
  ['Tasks', ['answer', 'answer-again', 'cancel', 'adopt', 'detach', 'follow', 'forget', 'new-call', 'call-again']],
  ['The list', ['filter', 'clear-filter', 'hide-settled', 'group', 'mark']],
  ['Results', ['copy', 'page-result', 'save-result']],
  ['The form', ['form', 'open-url', 'next-question', 'edit-field']],
];

/** Keys of the page below by topic, and meanings of the signs. */
export function viewHelp(model: Model, scroll: number, height: number): Body {
  const entry = (shown: string, text: string, tone: Tone = 'plain'): readonly Line[] =>
    wrapText(text, Math.max(8, model.columns - LEAD - 1)).map((row, at) =>
      line(' ', span(fitText(at === 0 ? shown : '', LEAD), 'strong'), span(row, tone)),
    );
  const keysOf = (bindings: readonly Binding[]) =>
    bindings.flatMap((binding) => entry(binding.shown, binding.help ?? binding.text));
  const topic = (name: string, rows: readonly Line[]): readonly Line[] =>
    rows.length === 0 ? [] : [line(span(name, 'accent')), ...rows];
  const bindings = helpFor(model);
  const rest = bindings.filter(({ action }) => !TOPICS.some(([, actions]) => actions.includes(action)));
  const entries: readonly Line[] = [
    ...TOPICS.flatMap(([name, actions]) =>
      topic(name, keysOf(bindings.filter(({ action }) => actions.includes(action)))),
    ),
    ...topic('On the page of a task', keysOf(resultKeys(model))),
    ...topic('Moving and leaving', [
      ...keysOf(rest),
      ...entry('Ctrl-C', 'leave at once'),
      ...entry('Ctrl-Z', 'suspend to the shell; fg resumes'),
    ]),
    ...topic(
      'Signs',
      SIGNS.flatMap(([sign, meaning]) => entry(sign, meaning, 'dim')),
    ),
  ];
  const scrollMax = Math.max(0, entries.length - height);
  const from = Math.min(scroll, scrollMax);
  return { lines: entries.slice(from, from + height), scrollMax };
}
