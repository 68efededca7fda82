import { expect, test } from 'vitest';
import { isEmail, isHostname, isIpv4, isIpv6 } from './addresses.ts';

test.each([
  ['::', true],
  ['::1', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7::', true],
  ['::ffff:127.0.0.1', true],
  ['1:2:3:4:5:6:127.0.0.1', true],
  ['1:2:3:4::5:6:7:8', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1::2::3', false],
  ['12345::', false],
  ['::ffff:256.0.0.1', false],
])('%s is an IPv6 address: %s', (text, expected) => {
  expect(isIpv6(text)).toBe(expected);
});

test.each([
  ['0.0.0.0', true],
  ['255.255.255.255', true],
  ['256.0.0.1', false],
  ['01.0.0.1', false],
  ['1.2.3', false],
])('%s is an IPv4 address: %s', (text, expected) => {
  expect(isIpv4(text)).toBe(expected);
});

test('a label of a host name has up to 63 characters, and the name up to 253', () => {
  expect([isHostname('a'.repeat(63)), isHostname('a'.repeat(64))]).toEqual([true, false]);
  const long = `${'a'.repeat(63)}.`.repeat(3);
  expect([isHostname(long + 'b'.repeat(61)), isHostname(long + 'b'.repeat(62))]).toEqual([true, false]);
  expect([isHostname('-a.example'), isHostname('a-.example'), isHostname('a..b')]).toEqual([false, false, false]);
});

test.each([
  ['ada@example.com', true],
  ['"a b"@example.com', true],
  ['ada@[127.0.0.1]', true],
  ['ada@[IPv6:::1]', true],
  ['ada@münchen.example', true],
  ['@example.com', false],
  ['.ada@example.com', false],
  ['a..b@example.com', false],
  ['ada@[IPv6:127.0.0.1]', false],
  ['ada', false],
])('%s is a mail address: %s', (text, expected) => {
  expect(isEmail(text)).toBe(expected);
});
