import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { visit } from '../auth/guarded-demo.ts';
import { addressOn, wide } from '../auth/sign-in.ts';
import { freshHome, terminal } from '../commands/support.ts';
import { freePort } from '../support/free-port.ts';

async function serve(mode: string): Promise<string> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'oauth.mjs');
  const server = spawn(process.execPath, [script, mode, String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void server.kill());
  await new Promise<void>((resolve) => server.stderr.once('data', () => resolve()));
  server.stderr.resume();
  return `http://127.0.0.1:${port}/mcp`;
}

interface Attempt {
  readonly code: number;
  /** The text on the screen as one line: the terminal wraps it. */
  readonly output: string;
}

/** Signs in at a terminal and follows each URL it shows. */
async function signIn(url: string, home: string, ...flags: readonly string[]): Promise<Attempt> {
  await using screen = terminal(['call', url, 'echo', ...flags], { home, ...wide });
  const seen = new Set<string>();
  let ended: { code: number } | undefined;
  void screen.exited.then((exit) => {
    ended = { code: exit.code ?? -1 };
  });
  await expect
    .poll(async () => {
      const text = screen.scrollback();
      const address = text.includes('Enter opens it') ? addressOn(text) : '';
      if (URL.canParse(address) && !seen.has(address) && text.trimEnd().includes('Waiting for the sign-in')) {
        seen.add(address);
        await visit(address).catch(() => undefined);
      }
      return ended !== undefined;
    })
    .toBe(true);
  const output = screen.scrollback().replaceAll('\n', '');
  return { code: ended?.code ?? -1, output };
}

test.each([
  'ok',
  'oidc',
  'noprm',
  'nometa',
  'step',
  'short',
  'slash',
  'slash2',
  'nullfields',
  'emptyuri',
  'prm200html',
  'nowww',
  'wwwbasic',
  'typelower',
  'expstr',
  'dcr200',
  'rsorigin',
])('a person signs in to a server in mode "%s"', async (mode) => {
  const { code, output } = await signIn(await serve(mode), freshHome());
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/Signed in to 127\.0\.0\.1:\d+\..*done read/),
  });
});

test.each([
  [
    'noresponsetypes',
    /authorization server http:\S+ sent an invalid response\. Its metadata has no response_types_supported/,
  ],
  ['as200html', /authorization server http:\S+ sent an invalid response\. Its metadata is text\/html, not JSON/],
  ['tokenform', /Its response to the request for tokens is application\/x-www-form-urlencoded, not JSON/],
  ['notype', /Its response to the request for tokens has no token_type/],
  ['expnull', /Its response to the request for tokens has null as its (scope|refresh_token|expires_in)/],
  ['rsslash', /its metadata names the resource http:\S+\/mcp\/, not http:\S+\/mcp\b/],
  ['rsother', /its metadata names the resource https:\/\/other\.example\/mcp, not http:\S+\/mcp\b/],
  ['nodcr', /its authorization server does not register clients/],
  ['dcr403', /Registration is limited to approved clients/],
  ['dcr400', /http redirects are not allowed/],
  ['issmix', /https:\/\/evil\.example/],
  ['issslash', /Issuer mismatch in authorization response/],
])('a failed sign-in at a server in mode "%s" shows the fault and exits 3', async (mode, words) => {
  const { code, output } = await signIn(await serve(mode), freshHome());
  expect({ code, output }).toEqual({ code: 3, output: expect.stringMatching(words) });
  expect(output).not.toMatch(/Signed in to|MCP endpoint|not JSON-RPC/);
});

test('a server whose metadata does not name PKCE is refused without --allow-no-pkce', async () => {
  const url = await serve('nopkce');
  const home = freshHome();
  const refused = await signIn(url, home);
  expect(refused).toEqual({ code: 3, output: expect.stringContaining('does not advertise PKCE with S256') });
  expect(refused.output).toContain('--allow-no-pkce');
  expect(await signIn(url, home, '--allow-no-pkce')).toMatchObject({ code: 0 });
});

test('a dead refresh token leads to a new sign-in, even if the server reports invalid_request', async () => {
  const url = await serve('short-gone');
  const home = freshHome();
  expect(await signIn(url, home)).toMatchObject({ code: 0 });
  await new Promise((resolve) => setTimeout(resolve, 1_600)); // this server's token expires after 1.5 s
  const again = await signIn(url, home);
  expect(again).toEqual({ code: 0, output: expect.stringContaining('Signed in to') });
});
