import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifies } from '../../../../test/faults/scenarios.ts';
import { cpuNow } from '../../../../test/support/cpu-time.ts';
import { inOneLine, isMarkdown, markdownLines } from './markdown.ts';
import { safeText } from './safe-text.ts';
import { styledText } from './styled-text.ts';

const shown = (text: string): readonly string[] =>
  markdownLines(text).map(({ spans }) => spans.map((each) => each.text).join(''));
const tones = (text: string): readonly string[] =>
  markdownLines(text).flatMap(({ spans }) => spans.map((each) => `${each.tone}: ${each.text}`));

const REPORT = `# Report

**All** 312 tests passed, *slowly*. See [the log](https://ci.example/log).

- first \`make build\`
  - then [x] nothing
1. one

> quoted

\`\`\`sh
rm -rf *.o # **not** bold
\`\`\`
---
done`;

test('headings, lists, emphasis, code and links are shown without their marks, links with their address', () => {
  expect(shown(REPORT)).toEqual([
    'Report',
    '',
    'All 312 tests passed, slowly. See the log (https://ci.example/log).',
    '',
    '• first make build',
    '  • then [x] nothing',
    '1. one',
    '',
    '│ quoted',
    '',
    '  rm -rf *.o # **not** bold',
    '────────────────────',
    'done',
  ]);
  expect(tones('# A `b`')).toEqual(['strong: A ', 'code: b']);
  expect(tones('**a** and *b* or __c__ _d_')).toEqual([
    'strong: a',
    'plain:  and ',
    'emphasis: b',
    'plain:  or ',
    'strong: c',
    'plain:  ',
    'emphasis: d',
  ]);
  expect(tones('***a***')).toEqual(['emphasis: a']);
  expect(shown('*a **b** c*')).toEqual(['a b c']);
});

test('a row shows the prose of a Markdown text, and any other text unchanged', () => {
  expect(inOneLine('# Report\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n**All** fine.')).toBe('Report · All fine.');
  expect(inOneLine('a_b\n| c |')).toBe('a_b\n| c |');
});

test('a table is laid out in columns', () => {
  const table = ['| Region | p95 |', '|:--|--:|', '| Oregon | **214** ms |', '| x |', 'after'];
  expect(shown(table.join('\n'))).toEqual(['Region  p95', '──────  ──────', 'Oregon  214 ms', 'x', 'after']);
});

test('the address of a link is shown whole, whatever its label is', () => {
  expect(shown('[https://bank.example](https://evil.example/a_(b) "Bank")')).toEqual([
    'https://bank.example (https://evil.example/a_(b))',
  ]);
  expect(shown('[https://a.example](https://a.example) <https://b.example> ![x](c.png)')).toEqual([
    'https://a.example https://b.example x (c.png)',
  ]);
});

test.each([
  ['snake_case_name and 2*3*4 and 2**3**4'],
  ['a * b * c, *.ts, ** nothing **'],
  ['[not a link] (no) [half](open'],
  ['`open code'],
  ['| a | **b** |'],
  ['    indented **code**'],
])('%s is shown unchanged', (text) => {
  expect(shown(text)).toEqual([text]);
});

test('a text is read as Markdown only if it has marks of Markdown', () => {
  const is = ['# Title\n\ntext', 'a **b** c', '[a](https://a.example)', '```\ncode\n```', 'x\n\n## Title'];
  const isNot = [
    'plain words',
    '# a comment\nkey: value\n',
    '- a: 1\n- b: 2\n',
    'def f(*args, **kwargs): pass',
    '{"text": "**a**"}',
    'a_b_c',
  ];
  expect(is.filter((text) => !isMarkdown(text))).toEqual([]);
  expect(isNot.filter(isMarkdown)).toEqual([]);
});

const OPTIONS = { width: 80, color: true, unicode: true };

test('lines wrap between words, list items wrap with an indent, and addresses stay whole', () => {
  const item = markdownLines(`- ${'word '.repeat(10)}[a](https://example.com/${'x'.repeat(40)})`);
  expect(styledText(item, { width: 30, color: false, unicode: false }).split('\n')).toEqual([
    '* word word word word word ',
    '  word word word word word a ',
    `  (https://example.com/${'x'.repeat(40)})`,
  ]);
});

test('tones are terminal attributes, and code is plain without colour', () => {
  expect(styledText(markdownLines('**a** `b`'), OPTIONS)).toBe('\u001b[1ma\u001b[22m \u001b[36mb\u001b[39m');
  expect(styledText(markdownLines('**a** `b`'), { ...OPTIONS, color: false })).toBe('\u001b[1ma\u001b[22m b');
});

test(verifies('Q11', 'no character of a server’s Markdown acts on a terminal'), () => {
  const pieces = [
    '**',
    '*',
    '_',
    '`',
    '[',
    '](',
    ')',
    '# ',
    '> ',
    '- ',
    '```',
    '\n',
    ' ',
    'a',
    '\u001b[2J',
    '\u202e',
    '\\',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const safe = safeText(parts.join(''), { multiline: true });
      const styled = styledText(markdownLines(safe), OPTIONS).replaceAll(/\u001b\[(?:1|2|3|22|23|36|39)m/g, '');
      expect(styled).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test.each([
  '**a ',
  '*a ',
  '_a ',
  '`a``',
  '[',
  '[a](',
  '[a](b ',
  '](',
  '<https://',
  '> ',
  '\\*',
  '***',
  '|a|\n',
  '|-|\n',
  '|',
])('reading and wrapping 200,000 letters of %j takes linear time', (piece) => {
  const text = piece.repeat(200_000 / piece.length);
  const began = cpuNow();
  isMarkdown(text);
  styledText(markdownLines(text), OPTIONS);
  expect(cpuNow() - began).toBeLessThan(4_000);
});

test.each([
  ['one wide cell among many rows', `|${'w'.repeat(100_000)}|b|\n|-|-|\n${'|a|b|\n'.repeat(16_000)}`],
  ['many columns and many rows', `${'|a'.repeat(50_000)}|\n|-|\n${'|a|\n'.repeat(24_000)}`],
])('a table of %s takes linear space and time', (_, text) => {
  const began = cpuNow();
  const shown = styledText(markdownLines(text), OPTIONS);
  expect(shown.length).toBeLessThan(10_000_000);
  expect(cpuNow() - began).toBeLessThan(4_000);
});
