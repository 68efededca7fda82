import { expect, onTestFinished, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { cpuNow } from '../../../../../test/support/cpu-time.ts';
import { answerDiscovery, type Silence } from './answer-discovery.ts';
import { createRepair } from './repair-responses.ts';

const asked = { id: 1, method: 'server/discover' };
const quick = { discoveryMs: 20, isLastAttempt: true };
const EVENTS = { headers: { 'content-type': 'text/event-stream' } };

/** A body that creates chunks on demand; `cancelled` settles when it is cancelled. */
function endless(chunk: string): { readonly body: ReadableStream<Uint8Array>; readonly cancelled: Promise<void> } {
  let resolveCancelled = (): void => undefined;
  const cancelled = new Promise<void>((resolve) => {
    resolveCancelled = resolve;
  });
  const bytes = new TextEncoder().encode(chunk);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      controller.enqueue(bytes);
    },
    cancel: () => resolveCancelled(),
  });
  return { body, cancelled };
}

test.each([
  ['an event stream without an answer', 'text/event-stream'],
  ['a body without an end', 'application/json'],
])('%s is cancelled once the older handshake is answered', async (_, contentType) => {
  const { body, cancelled } = endless('data: "x"\n\n');
  const repair = createRepair(quick);
  const post = (method: string): RequestInit => ({
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method }),
  });
  const headers = { 'content-type': contentType };
  const refused = await repair(post('server/discover'), async () => new Response(body, { headers }));
  expect(await refused.json()).toMatchObject({ error: { code: -32601 } });
  const greeted = { jsonrpc: '2.0', id: 1, result: { protocolVersion: '2025-11-25' } };
  await repair(post('initialize'), async () => Response.json(greeted));
  await cancelled;
});

test('the answer is found among other events, and the stream is then cancelled', async () => {
  const { body, cancelled } = endless(
    'data: {"jsonrpc":"2.0","method":"x"}\n\ndata: {"jsonrpc":"2.0",\ndata: "id":1,"result":{}}\n\n',
  );
  const state: Silence = { isSilent: false, over: new AbortController() };
  onTestFinished(() => state.over.abort());
  const answer = await answerDiscovery(
    asked,
    async () => new Response(body, EVENTS),
    { ...quick, discoveryMs: 10_000 },
    state,
  );
  expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  await cancelled;
});

test(verifies('S5', 'a long event in response to server/discover is read in linear time'), async () => {
  const lines = `data: ${'a'.repeat(90)}\n`.repeat(640);
  let chunks = 800; // 50 MB
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks -= 1;
      if (chunks < 0) controller.close();
      else controller.enqueue(new TextEncoder().encode(lines));
    },
  });
  const state: Silence = { isSilent: false, over: new AbortController() };
  const began = cpuNow();
  const answer = await answerDiscovery(
    asked,
    async () => new Response(body, EVENTS),
    { ...quick, discoveryMs: 60_000 },
    state,
  );
  expect(await answer.json()).toMatchObject({ error: { code: -32601 } });
  expect(cpuNow() - began).toBeLessThan(10_000);
});
