import { expect, test } from 'vitest';
import { proxyFor } from './proxy-for.ts';

const both = { HTTP_PROXY: 'http://plain:8080', https_proxy: 'user:secret@secure:3128' };

test.each([
  ['http://example.com/mcp', { variable: 'HTTP_PROXY', url: 'http://plain:8080', label: 'HTTP_PROXY, plain:8080' }],
  [
    'https://example.com/mcp',
    { variable: 'https_proxy', url: 'http://user:secret@secure:3128', label: 'https_proxy, secure:3128' },
  ],
  ['http://localhost:3000/mcp', undefined],
  ['http://127.0.0.1:3000/mcp', undefined],
  ['http://[::1]:3000/mcp', undefined],
])('the proxy for %s is that of its scheme; loopback hosts have none', (url, proxy) => {
  expect(proxyFor(new URL(url), both)).toEqual(proxy);
});

test.each([
  ['example.com', true],
  ['.example.com', true],
  ['*.example.com', true],
  ['other.org, API.example.com', true],
  ['api.example.com:443', true],
  ['api.example.com:8443', false],
  ['ample.com', false],
  ['*', true],
  ['', false],
])('NO_PROXY=%s exempts api.example.com: %s', (list, isExempt) => {
  const proxy = proxyFor(new URL('https://api.example.com/mcp'), { ...both, NO_PROXY: list });
  expect(proxy === undefined).toBe(isExempt);
});
