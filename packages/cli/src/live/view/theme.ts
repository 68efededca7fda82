import type { TextProps } from 'ink';
import { graphemes } from '../../display/graphemes.ts';
import { SIGNS } from '../../display/task-summary.ts';
import type { Line, Tone } from './line.ts';
import { widthOf } from './line.ts';

export interface Theme {
  readonly ascii: boolean;
  readonly color: boolean;
}

export const glyphs = { ...SIGNS, cursor: '❯' };

/** ASCII replacements of the signs, each equally wide. */
const ASCII: Readonly<Record<string, string>> = {
  '◐': '~',
  '●': '+',
  '✗': 'x',
  '○': 'o',
  '❯': '>',
  '…': '>',
  '·': '-',
  '—': '-',
  '–': '-',
  '─': '-',
  '│': '|',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '☐': '.',
  '☑': 'x',
  '“': '"',
  '”': '"',
  '’': "'",
  '▸': '>',
  '•': '*',
  '█': '#',
  '░': '.',
};

export function toAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return [...graphemes.segment(text)]
    .map(({ segment }) => (/^[\x20-\x7e]$/.test(segment) ? segment : (ASCII[segment] ?? '?'.repeat(widthOf(segment)))))
    .join('');
}

/** Props of Ink's `Text` for a tone. */
export type Style = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse' | 'italic'>;

const COLOUR: Readonly<Record<Tone, Style>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  emphasis: { italic: true },
  code: { color: 'cyan' },
  accent: { color: 'cyan' },
  ask: { color: 'yellow', bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  marked: { inverse: true },
};

/** Tones without colour: brightness and reversal still distinguish them. */
const MONOCHROME: Readonly<Record<Tone, Style>> = {
  ...COLOUR,
  code: {},
  accent: {},
  ask: { bold: true },
  good: {},
  bad: { bold: true },
  warn: {},
};

export function styleOf(tone: Tone, theme: Theme): Style {
  return (theme.color ? COLOUR : MONOCHROME)[tone];
}

/** Text of the row without attributes. */
export function plain(spans: Line, ascii = false): string {
  const text = spans.map((each) => each.text).join('');
  return ascii ? toAscii(text) : text;
}
