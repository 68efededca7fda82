import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { verifies } from '../../../../test/faults/scenarios.ts';
import { type LoopbackCallback, openLoopbackCallback } from './loopback-callback.ts';

/** Sends a raw request that no HTTP client would send. */
function send(port: number, head: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head}\r\n\r\n`));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => resolve('refused'));
    socket.on('close', () => resolve(received.split('\r\n')[0] ?? ''));
  });
}

async function startSignIn(state: string) {
  const abandon = new AbortController();
  onTestFinished(() => abandon.abort());
  const callback = (await openLoopbackCallback()) as LoopbackCallback;
  await callback.open();
  const waiting = callback.wait(state, abandon.signal);
  waiting.catch(() => undefined);
  const port = Number(new URL(callback.redirectUrl).port);
  return { callback, waiting, port, host: `Host: 127.0.0.1:${port}`, abandon };
}

test(
  verifies('S3', 'a request other than the callback of this sign-in gets 400, and the process keeps running'),
  async () => {
    const { waiting, port, host } = await startSignIn('mine');
    const invalidRequests = [
      `GET // HTTP/1.1\r\n${host}`,
      `GET http://[ HTTP/1.1\r\n${host}`,
      `GET /\\\\ HTTP/1.1\r\n${host}`,
      `GET /callback?state=%E0%A4%A HTTP/1.1\r\n${host}`,
      `GET /callback?state=other&code=1 HTTP/1.1\r\n${host}`,
      `GET /callback?state=mine&state=mine&code=1 HTTP/1.1\r\n${host}`,
      `GET /callback/?state=mine&code=1 HTTP/1.1\r\n${host}`,
      `POST /callback?state=mine&code=1 HTTP/1.1\r\n${host}\r\nContent-Length: 0`,
      `HEAD /callback?state=mine&code=1 HTTP/1.1\r\n${host}`,
      `GET /callback?state=mine&code=1 HTTP/1.1\r\nHost: evil.example`,
      `GET /callback?state=mine&code=1 HTTP/1.1\r\nHost: evil.example:${port}`,
    ];
    for (const head of invalidRequests)
      expect([head, await send(port, head)]).toEqual([head, 'HTTP/1.1 400 Bad Request']);
    expect(await send(port, `GET /callback?state=mine&code=good HTTP/1.1\r\n${host}`)).toBe('HTTP/1.1 200 OK');
    expect((await waiting).get('code')).toBe('good');
  },
);

test('the listener closes once the last sign-in has completed or is abandoned', async () => {
  const first = await startSignIn('one');
  const second = first.callback.wait('two', new AbortController().signal);
  await send(first.port, `GET /callback?state=one&code=1 HTTP/1.1\r\n${first.host}`);
  await first.waiting;
  expect(await send(first.port, `GET /callback?state=two&code=1 HTTP/1.1\r\n${first.host}`)).toBe('HTTP/1.1 200 OK');
  await second;
  await expect.poll(() => send(first.port, `GET / HTTP/1.1\r\n${first.host}`)).toBe('refused');

  const abandoned = await startSignIn('three');
  abandoned.abandon.abort();
  await expect.poll(() => send(abandoned.port, `GET / HTTP/1.1\r\n${abandoned.host}`)).toBe('refused');
});

test('no port is open before a sign-in begins', async () => {
  const callback = (await openLoopbackCallback()) as LoopbackCallback;
  const port = Number(new URL(callback.redirectUrl).port);
  expect(await send(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}`)).toBe('refused');
});
