import { expect, test } from 'vitest';
import { openTerminal } from './terminal.ts';

test('the test terminal shows what a program draws, with attributes, and carries keys to it', async () => {
  const program = `
    process.stdout.write('\\u001b[1;31mname?\\u001b[0m ');
    process.stdin.once('data', (data) => { process.stdout.write('hello ' + data); process.exit(3); });`;
  await using terminal = openTerminal(process.execPath, ['-e', program], { columns: 40, rows: 5 });
  await terminal.waitFor('name?');
  const { row, column } = terminal.locate('name?');
  expect(terminal.cell(row, column)).toMatchObject({ text: 'n', bold: true, foreground: 1 });
  terminal.write('Ada');
  terminal.press('enter');
  await terminal.waitForOutput('hello Ada');
  expect(await terminal.exited).toEqual({ code: 3, signal: undefined });
});

test("a wait that times out shows the terminal's screen", async () => {
  await using terminal = openTerminal(process.execPath, ['-e', 'console.log("something else")']);
  await expect(terminal.waitFor('a question')).rejects.toThrow(/for a question.*something else/s);
});
