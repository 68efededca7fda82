import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const executablePath = '/usr/bin/chromium';

/** Starts a program of this repository; resolves when it has printed its URL. */
async function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [resolve(root, file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout === null) throw new Error('No output');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url };
}

async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  onTestFinished(() => browser.close());
  return browser;
}

interface WebHost {
  readonly browser: Browser;
  readonly url: string;
  /** Kills the host and starts it again on the same port. */
  restartHost(): Promise<void>;
}

async function startWebHost(): Promise<WebHost> {
  const demo = await start('packages/cli/bin/mcp-tasks.js', ['demo', '--speed', '0.3']);
  const STATE = mkdtempSync(join(tmpdir(), 'mcp-tasks-web-'));
  const env = { MCP_URL: demo.url, PORT: String(await freePort()), STATE };
  const file = 'examples/dist/web/server.js';
  let host = await start(file, [], env);
  return {
    browser: await openBrowser(),
    url: host.url,
    async restartHost() {
      host.child.kill('SIGKILL');
      await once(host.child, 'exit');
      host = await start(file, [], env);
    },
  };
}

async function release(page: Page): Promise<void> {
  await page.fill('input[name=service]', 'checkout');
  await page.click('#start button');
  await page.waitForSelector('article form');
}

const isBrowserHere = existsSync(executablePath);

test.skipIf(!isBrowserHere)(
  'a page starts a task, and answers its questions after its tab was closed and its host was killed',
  async () => {
    const { browser, url, restartHost } = await startWebHost();
    const context = await browser.newContext();
    const first = await context.newPage();
    await first.goto(url);
    await release(first);
    expect(await first.textContent('article form p')).toContain('checkout');
    await first.close();
    await restartHost();

    const page = await context.newPage();
    await page.goto(url);
    await page.check('article input[name=approve]');
    await page.click('article form button:has-text("Answer")');
    await page.selectOption('article select', { index: 0 });
    await page.click('article form button:has-text("Answer")');
    await page.waitForSelector('article pre');
    expect(JSON.parse((await page.textContent('article pre')) ?? '')).toMatchObject({ status: 'completed' });
    expect(await page.locator('article').count()).toBe(1);
  },
);

test.skipIf(!isBrowserHere)('a page reconnects by itself when its host restarts', async () => {
  const { browser, url, restartHost } = await startWebHost();
  const page = await browser.newPage();
  await page.goto(url);
  await release(page);
  await restartHost();
  await page.check('article input[name=approve]');
  await expect
    .poll(async () => {
      await page.click('article form button:has-text("Answer")');
      return page.textContent('article');
    })
    .toContain('strategy');
});

test.skipIf(!isBrowserHere)(
  'a question answered in one window disappears from the other, and no user sees the tasks of another',
  async () => {
    const { browser, url } = await startWebHost();
    const context = await browser.newContext();
    const [one, other] = [await context.newPage(), await context.newPage()];
    await one.goto(url);
    await release(one);
    await other.goto(url);
    await other.waitForSelector('article input[name=approve]');
    await one.click('article form button:has-text("Decline")');
    await other.waitForSelector('article input[name=approve]', { state: 'detached' });
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(url);
    await stranger.waitForLoadState('networkidle');
    expect(await stranger.locator('article').count()).toBe(0);
  },
);
