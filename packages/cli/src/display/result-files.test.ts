import { expect, test } from 'vitest';
import { resultFiles } from './result-files.ts';

const contentOf = (data: string) =>
  resultFiles({ content: [{ type: 'image', mimeType: 'image/png', data }] })[0]?.content;

test.each([
  ['Base64', '+/+/AA=='],
  ['Base64 for URLs', '-_-_AA'],
  ['Base64 in lines', '+/+/\r\nAA=='],
])('an image in %s is saved byte for byte', (_, data) => {
  expect(contentOf(data)).toEqual(new Uint8Array([0xfb, 0xff, 0xbf, 0]));
});

test('a part with invalid Base64 does not prevent saving the others', () => {
  const content = [
    { type: 'image', data: '§§§ a' },
    { type: 'text', text: 'kept' },
  ];
  expect(resultFiles({ content })[0]?.content).toBe('kept\n');
});
