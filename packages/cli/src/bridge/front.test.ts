import { expect, test } from 'vitest';
import type { ServerDescription } from './bridge-cache.ts';
import { canElicit, capabilitiesFor20251125, passedCapabilities } from './front.ts';

function description(revision: string | undefined): ServerDescription {
  const capabilities = { tools: {}, prompts: {}, logging: {}, resources: { subscribe: true, listChanged: true } };
  return { server: { name: 'some-server', version: '1' }, capabilities, instructions: null, revision, tools: [] };
}

test('a host of 2025-11-25 is not offered subscriptions and log levels of a 2026-07-28 server, which has neither', () => {
  expect(capabilitiesFor20251125(description('2026-07-28'))).toEqual({ prompts: {}, resources: { listChanged: true } });
});

test.each(['2025-11-25', undefined])(
  'a host of 2025-11-25 is offered everything that a server of %s offers',
  (revision) => {
    expect(capabilitiesFor20251125(description(revision))).toEqual(passedCapabilities(description(revision)));
    expect(capabilitiesFor20251125(description(revision))).toHaveProperty('resources.subscribe', true);
  },
);

test.each([
  [undefined, {}, false],
  [{}, {}, true],
  [{ form: {} }, {}, true],
  [{ url: {} }, {}, false],
  [{ form: {}, url: {} }, { mode: 'form' }, true],
  [{}, { mode: 'url' }, false],
  [{ url: {} }, { mode: 'url' }, true],
])('a host that declares elicitation %j can show %j: %s', (elicitation, params, expected) => {
  expect(canElicit(elicitation, params)).toBe(expected);
});
