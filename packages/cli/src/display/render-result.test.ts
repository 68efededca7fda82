import { expect, test } from 'vitest';
import { renderResult } from './render-result.ts';

const NASTY = 'a\u001b]0;owned\u0007b\u202ec';
const SHOWN = 'a\\x1b]0;owned\\x07b\\u202ec';

test.each([
  ['a text', { content: [{ type: 'text', text: NASTY }] }],
  ['an image', { content: [{ type: 'image', mimeType: NASTY, data: 'aaaa' }] }],
  ['a link', { content: [{ type: 'resource_link', name: NASTY, uri: 'file:///a' }] }],
  ['the address of a link', { content: [{ type: 'resource_link', name: 'a', uri: NASTY, mimeType: 'text/plain' }] }],
  ['a resource', { content: [{ type: 'resource', resource: { uri: 'file:///a', text: NASTY } }] }],
  ['the address of a resource', { content: [{ type: 'resource', resource: { uri: NASTY, blob: 'aaaa' } }] }],
  ['an unknown content type', { content: [{ type: 'hologram', beam: '\u202e\u009b2J' }] }],
  ['data', { content: [], structuredContent: { note: '\u202e\u009b2J' } }],
  ['a nonstandard result', { summary: '\u202e\u009b2J' }],
])('%s does not act on a terminal', (_what, result) => {
  const shown = renderResult(result);
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(shown).toMatch(/\\u202e/);
});

test('a text keeps its line breaks, its tabs in a pipe, and every byte with raw', () => {
  const result = { content: [{ type: 'text', text: `${NASTY}\n\td` }] };
  expect(renderResult(result)).toBe(`${SHOWN}\n  d`);
  expect(renderResult(result, { tabs: true })).toBe(`${SHOWN}\n\td`);
  expect(renderResult(result, { raw: true })).toBe(`${NASTY}\n\td`);
});

test.each([
  [{ type: 'image', mimeType: 'image/png', data: 'aaaa' }, '[image image/png, 3 bytes]'],
  [{ type: 'audio', mimeType: 'audio/wav', data: 'aaaa'.repeat(341) }, '[audio audio/wav, 1023 bytes]'],
  [{ type: 'audio', mimeType: 'audio/wav', data: 'aaaa'.repeat(342) }, '[audio audio/wav, 1 KB]'],
  [{ type: 'resource_link', name: 'log', uri: 'file:///log' }, '[link log file:///log]'],
  [
    { type: 'resource_link', name: 'log', uri: 'file:///log', mimeType: 'text/plain' },
    '[link log file:///log text/plain]',
  ],
  [
    { type: 'resource', resource: { uri: 'file:///a', mimeType: 'x/y', blob: 'aaaa' } },
    '[resource file:///a x/y, 3 bytes]',
  ],
])('%j is described in one line', (block, line) => {
  expect(renderResult({ content: [block] })).toBe(line);
});

test('structured data is shown once: as the server’s text if there is one, else as JSON', () => {
  const data = { structuredContent: { pages: 2 } };
  expect(renderResult({ ...data, content: [{ type: 'text', text: 'Two pages.' }] })).toBe('Two pages.');
  expect(renderResult({ ...data, content: [] })).toBe('{\n  "pages": 2\n}');
});

test('a nonstandard result is shown as JSON, and an empty one as having no content', () => {
  expect(renderResult({ content: [], resultType: 'complete', artifacts: [1] })).toBe(
    '{\n  "artifacts": [\n    1\n  ]\n}',
  );
  expect(renderResult({ content: [], resultType: 'complete', isError: true })).toBe('(no content)');
});
