import { expect, test } from 'vitest';
import { serveHttp } from '../connect/support.ts';
import { type Demo, errorsOf, expectShortError, freshHome, listed, run, serveDemo } from './support.ts';

interface Trouble {
  readonly what: string;
  readonly words: (demo: Demo, html: string) => readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  readonly hint: RegExp;
}

const troubles: readonly Trouble[] = [
  {
    what: 'a server that cannot be reached',
    words: () => ['call', 'http://127.0.0.1:9/mcp', 'hello'],
    exit: 4,
    code: 'unreachable',
    says: /127\.0\.0\.1:9\/mcp cannot be reached/,
    hint: /Is the server running/,
  },
  {
    what: 'a command that does not exist',
    words: () => ['call', 'hello', '--', 'no-such-server', '--stdio'],
    exit: 2,
    code: 'target-not-found',
    says: /The command no-such-server was not found/,
    hint: /Check the spelling/,
  },
  {
    what: 'a command that is not a server',
    words: () => ['call', 'hello', '--', process.execPath, '-e', 'console.error("I print and end"); process.exit(3)'],
    exit: 4,
    code: 'unreachable',
    says: /did not start a server, it ended with code 3: I print and end/,
    hint: /Run the command alone/,
  },
  {
    what: 'a URL that answers HTML',
    words: (_demo, html) => ['call', html, 'hello'],
    exit: 4,
    code: 'invalid-response',
    says: /127\.0\.0\.1:\d+\/mcp/,
    hint: /./,
  },
  {
    what: 'a wrong tool name',
    words: ({ url }) => ['call', url, 'helo'],
    exit: 2,
    code: 'tool-not-found',
    says: /has no tool "helo"/,
    hint: /Did you mean hello\?/,
  },
  {
    what: 'arguments that do not fit the schema',
    words: ({ url }) => ['call', url, 'batch', '--arg', 'items=many', '--arg', 'itmes=3'],
    exit: 2,
    code: 'arguments-invalid',
    says: /do not fit batch: items/,
    hint: /batch takes items; nothing was sent/,
  },
  {
    what: 'arguments that are not JSON',
    words: ({ url }) => ['call', url, 'batch', '--args', '{items'],
    exit: 2,
    code: 'arguments-invalid',
    says: /--args/,
    hint: /./,
  },
  {
    what: 'an unknown id',
    words: () => ['wait', 'zzzzzz'],
    exit: 2,
    code: 'not-found',
    says: /No task zzzzzz on record/,
    hint: /mcp-tasks list --all/,
  },
  {
    what: 'no id without a terminal',
    words: () => ['result'],
    exit: 2,
    code: 'usage',
    says: /No task id given/,
    hint: /mcp-tasks list/,
  },
  {
    what: 'no target',
    words: () => ['tools'],
    exit: 2,
    code: 'usage',
    says: /No target given/,
    hint: /Give a URL/,
  },
  {
    what: 'an unknown server name',
    words: () => ['tools', 'dmo'],
    exit: 2,
    code: 'target-not-found',
    says: /No server is called "dmo"/,
    hint: /Did you mean demo\?/,
  },
  {
    what: 'a URL with a password in it',
    words: () => ['tools', 'https://me:secret@example.com/mcp'],
    exit: 2,
    code: 'target-invalid',
    says: /The URL holds a password/,
    hint: /-H or --token-env/,
  },
  {
    what: 'an unknown command',
    words: () => ['wiat', 'zzzzzz'],
    exit: 2,
    code: 'usage',
    says: /unknown command 'wiat'/,
    hint: /Did you mean wait\?/,
  },
];

test.each(troubles)('$what prints one error line, a hint and a stable code, and calls no tool', async (trouble) => {
  const home = freshHome();
  const demo = await serveDemo(home);
  const html = await serveHttp((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>');
  });
  const words = trouble.words(demo, html.url);
  const at = words.includes('--') ? words.indexOf('--') : words.length;
  const withFlag = (flag: string) => [...words.slice(0, at), flag, ...words.slice(at)];

  const plain = await run(words, { home });
  expect(plain).toMatchObject({ code: trouble.exit, stdout: '' });
  expectShortError(plain);
  const [error = '', hint = ''] = errorsOf(plain).split('\n');
  expect(error).toMatch(trouble.says);
  expect(error).toMatch(/^error: /);
  expect(hint).toMatch(trouble.hint);

  const json = await run(withFlag('--json'), { home });
  expect(json).toMatchObject({ code: trouble.exit, stdout: '' });
  const document = JSON.parse(errorsOf(json));
  expect(document).toEqual({
    error: { code: trouble.code, message: error.slice('error: '.length), hint: expect.stringMatching(trouble.hint) },
  });

  const verbose = await run(withFlag('--verbose'), { home });
  expect(verbose.stderr).toMatch(/\n\s+at /);
  expect(await listed(home)).toEqual([]);
  await Promise.all([demo.stop(), html.stop()]);
});
