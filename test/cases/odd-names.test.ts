import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { caseOf, freshHome, run, terminal } from './support.ts';

const server = caseOf('argument-named-constructor');
const ODD = ['constructor', '__proto__', 'toString', 'valueOf'];

test(verifies('S7', 'an optional argument named constructor may be left out'), async () => {
  const { stdout, code } = await run(['call', 'make', '--arg', 'name=a', ...server], { home: freshHome() });
  expect({ stdout, code }).toEqual({ stdout: '{"name":"a"}\n', code: 0 });
});

test.each(ODD)(verifies('S7', 'a missing argument named %s is reported, and a given one is sent'), async (name) => {
  const home = freshHome();
  const missing = await run(['call', `need-${name}`, ...server], { home });
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain(`${name} is required`);
  for (const given of [
    ['--arg', `${name}=a`],
    ['--arg', `${name}:="a"`],
    ['--args', `{"${name}":"a"}`],
  ]) {
    const sent = await run(['call', `need-${name}`, ...given, ...server], { home });
    expect(sent).toMatchObject({ stdout: `{"${name}":"a"}\n`, code: 0 });
  }
  const wrong = await run(['call', `need-${name}`, '--arg', `${name}:=1`, ...server], { home });
  expect(wrong.stderr).toContain(`${name} must be a string`);
});

test.each(ODD)(verifies('S7', 'a form with a field named %s is filled in and answered'), async (name) => {
  await using term = terminal(['call', `ask-${name}`, ...server], { home: freshHome() });
  await term.waitFor(`❯ ${name}`);
  term.write('\r');
  await term.waitFor('is required');
  term.write('abc\r');
  await term.waitFor('[ Accept ]');
  term.press('enter');
  await term.waitForOutput(`{"action":"accept","content":{"${name}":"abc"}}`);
  expect(await term.exited).toMatchObject({ code: 0 });
});

test(verifies('S7', 'questions under keys such as __proto__ are listed, answered one by one, and sent'), async () => {
  const asking = caseOf('questions-with-odd-keys');
  const waiting = await run(['call', 'ask', '--json', ...asking], { home: freshHome() });
  expect(waiting.code).toBe(6);
  const keys = ['constructor', '__proto__', 'toString'];
  expect(Object.keys(JSON.parse(waiting.stdout).task.inputRequests)).toEqual(keys);
  await using term = terminal(['call', 'ask', ...asking], { home: freshHome() });
  for (const at of keys.keys()) {
    await term.waitFor('❯ ok');
    term.write('y\r');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    if (at < keys.length - 1) await term.waitUntilGone('[ Accept ]');
  }
  await term.waitForOutput('{"constructor":true,"__proto__":true,"toString":true}');
  expect(await term.exited).toMatchObject({ code: 0 });
});
