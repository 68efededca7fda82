import { expect, test } from 'vitest';
import { printedRows } from '../ink/show-app.tsx';
import { viewFrame } from './frame.ts';
import { scenes } from './scenes.ts';
import { toAscii } from './theme.ts';

const size = { columns: 80, rows: 14 };

function painted(scene: string, color: boolean): string {
  const { lines } = viewFrame(scenes[scene]!(size).model);
  return printedRows(lines, { ascii: false, color }, size.columns).replaceAll('\u001b', '␛');
}

test('tones are drawn with colour sequences', async () => {
  await expect(`${painted('list', true)}\n${painted('review', true)}`).toMatchFileSnapshot('./frames/color.txt');
});

test('without colour no colour sequence is sent, and tones still differ', async () => {
  const frames = `${painted('list', false)}\n${painted('review', false)}`;
  expect(frames).not.toMatch(/␛\[[0-9;]*(3|4|9|10)[0-7]m/);
  expect(frames).toContain('␛[7m');
  await expect(frames).toMatchFileSnapshot('./frames/no-color.txt');
});

test('frames with and without colour differ only in colour, brightness and reversal', () => {
  const bare = (frame: string) => frame.replace(/␛\[[0-9;]*m/g, '');
  for (const scene of Object.keys(scenes)) expect(bare(painted(scene, false))).toBe(bare(painted(scene, true)));
});

test('an ASCII sign is as wide as the sign it replaces', () => {
  expect(toAscii('◐ 数字 “a”…')).toBe('~ ???? "a">');
});
