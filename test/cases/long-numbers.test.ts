import { expect, test } from 'vitest';
import { caseOf, freshHome, run, terminal } from './support.ts';

const LONG = '1234567890123456789';
const server = caseOf('long-numbers');
const REFUSED = `cannot be sent exactly: ${LONG} would become 1234567890123456800`;

test.each([
  ['--arg', `id=${LONG}`],
  ['--arg', `id:=${LONG}`],
  ['--args', `{"id":${LONG}}`],
])('an argument that would lose digits is refused with the reason: %s %s', async (flag, text) => {
  const home = freshHome();
  const { stdout, stderr, code } = await run(['call', 'find', flag, text, ...server], { home });
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toContain(REFUSED);
  expect(JSON.parse((await run(['list', '--all', '--json'], { home })).stdout).tasks).toEqual([]);
});

test.each(['1e400', '0.1234567890123456789', '9007199254740993'])(
  'a JSON argument that would change its value is refused: %s',
  async (numeral) => {
    const { stderr, code } = await run(['call', 'find', '--args', `{"id":${numeral}}`, ...server], {
      home: freshHome(),
    });
    expect(code).toBe(2);
    expect(stderr).toContain(`cannot be sent exactly: ${numeral} would become ${Number(numeral)}`);
  },
);

test.each(['9007199254740992', '12'])('an argument that keeps its value is sent: %s', async (numeral) => {
  const { stdout, code } = await run(['call', 'find', '--arg', `id=${numeral}`, ...server], { home: freshHome() });
  expect({ stdout, code }).toEqual({ stdout: `got ${numeral}\n`, code: 0 });
});

test('a form shows at the field that a number would lose digits', async () => {
  await using term = terminal(['call', 'need', ...server], { home: freshHome(), columns: 120 });
  await term.waitFor('❯ id');
  term.write(`${LONG}\r`);
  await term.waitFor(REFUSED);
});

test('a result that lost digits shows the original number on standard error and in JSON', async () => {
  const home = freshHome();
  const lines = await run(['call', 'find', '--arg', 'id=1', ...server], { home });
  expect(lines).toMatchObject({ stdout: 'got 1\n', code: 0 });
  expect(lines.stderr).toContain(`Digits were lost: the server sent ${LONG}, which is shown as 1234567890123456800`);
  const json = await run(['call', 'find', '--arg', 'id=1', '--json', ...server], { home });
  expect(JSON.parse(json.stdout)).toMatchObject({
    lostDigits: LONG,
    outcome: { result: { _meta: { 'mcp-tasks/lost-digits': LONG } } },
  });
});
