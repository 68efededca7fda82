import { expect, test } from 'vitest';
import { CLOSE } from './alternate-screen.ts';

test('the alternate screen is erased before it closes, so that a resized tmux keeps no row of it', () => {
  expect(CLOSE.endsWith('\u001b[H\u001b[J\u001b[?1049l')).toBe(true);
});
