import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const dist = join(root, 'site/dist');
const executablePath = '/usr/bin/chromium';

beforeAll(() => {
  execFileSync('npm', ['run', 'docs'], { cwd: root, stdio: 'pipe' });
}, 300_000);

test('llms.txt lists the pages, each is served as Markdown, and llms-full.txt has them all', () => {
  const list = readFileSync(join(dist, 'llms.txt'), 'utf8');
  const links = [...list.matchAll(/\]\(\/([\w-]+\.md)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(18);
  expect(links.filter((path) => !existsSync(join(dist, path)))).toEqual([]);
  const all = readFileSync(join(dist, 'llms-full.txt'), 'utf8');
  expect(all).toContain('# Tasks on your own pages');
  expect(all).not.toContain('# Reference');
});

test.skipIf(!existsSync(executablePath))('links lead from page to page, and the search finds a name', async () => {
  const types = new Map([
    ['html', 'text/html'],
    ['js', 'text/javascript'],
    ['css', 'text/css'],
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : (url.split('?')[0] ?? '');
    const file = join(dist, existsSync(join(dist, path)) ? path : `${path}.html`);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader('content-type', types.get(file.split('.').at(-1) ?? '') ?? 'application/octet-stream');
    return createReadStream(file).pipe(response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const missing: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) missing.push(response.url());
  });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.click('main a:has-text("Start in a program")');
  await page.waitForSelector('h1:has-text("Start in a program")');
  await page.click('main a:has-text("all outcomes")');
  await page.waitForSelector('h1:has-text("Outcomes, errors and exit codes")');
  await page.click('.VPNavBarSearch button');
  await page.fill('#localsearch-input', 'createTaskTransport');
  await page.waitForSelector('.results li:has-text("createTaskTransport")');
  expect(missing).toEqual([]);
});
