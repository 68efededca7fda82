import type { TextProps } from 'ink';
import { graphemes } from '../../display/graphemes.ts';
import { SIGNS } from '../../display/task-look.ts';
import type { Line, Tone } from './line.ts';
import { widthOf } from './line.ts';

export interface Theme {
  readonly ascii: boolean;
  readonly color: boolean;
}

/** The sign of each state, and the cursor. */
export const glyphs = { ...SIGNS, cursor: '❯' };

/** Our own signs for terminals that show only ASCII, each as wide as what it stands for. */
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

/** How Ink's `Text` shows a tone. */
export type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse' | 'italic'>;

const COLOUR: Readonly<Record<Tone, Look>> = {
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

/** Without colour the same tones still differ where a terminal can show it: brightness and reversal are no colours. */
const MONOCHROME: Readonly<Record<Tone, Look>> = {
  ...COLOUR,
  code: {},
  accent: {},
  ask: { bold: true },
  good: {},
  bad: { bold: true },
  warn: {},
};

export function lookOf(tone: Tone, theme: Theme): Look {
  return (theme.color ? COLOUR : MONOCHROME)[tone];
}

/** The row without any attribute. */
export function plain(spans: Line, ascii = false): string {
  const text = spans.map((each) => each.text).join('');
  return ascii ? toAscii(text) : text;
}
