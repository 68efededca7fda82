import { expect, test } from 'vitest';
import { wholeFrames } from './whole-frames.ts';

const frame = (text: string) => `\u001b[?2026h${text}\u001b[?2026l`;

test('text outside a frame is shown at once', () => {
  const frames = wholeFrames();
  expect(frames.push('one')).toEqual(['one']);
  expect(frames.push('\u001b[31mtwo')).toEqual(['\u001b[31mtwo']);
  expect(frames.rest()).toEqual([]);
});

test('two frames that come together are shown one after the other', () => {
  expect(wholeFrames().push(`a${frame('b')}${frame('c')}d`)).toEqual([`a${frame('b')}`, frame('c'), 'd']);
});

test('a frame is shown once and whole, wherever it is cut', () => {
  const whole = `before${frame('frame')}after`;
  for (let cut = 1; cut < whole.length; cut++) {
    const frames = wholeFrames();
    const pieces = [...frames.push(whole.slice(0, cut)), ...frames.push(whole.slice(cut)), ...frames.rest()];
    expect(pieces.join('')).toBe(whole);
    expect(pieces.filter((piece) => piece.includes('\u001b[?2026'))).toHaveLength(1);
    expect(pieces.some((piece) => piece.endsWith(frame('frame')))).toBe(true);
  }
});

test('a partial frame at the end of a program is shown', () => {
  const frames = wholeFrames();
  expect(frames.push('a\u001b[?2026hhalf')).toEqual(['a']);
  expect(frames.rest()).toEqual(['\u001b[?2026hhalf']);
});
