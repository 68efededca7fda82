import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { readClient, readEnv, readHeaders } from './read-connect-flags.ts';
import type { ConnectFlags } from './resolved-target.ts';

const context = { env: { TOKEN: 'sesame', SECRET: 'hush', EMPTY: '' } } as unknown as Context;

test('flags set headers and a token from a variable; the token replaces an Authorization header', () => {
  const header = ['X-Team: blue', 'X-Empty:', 'Authorization: Basic YQ=='];
  expect(readHeaders({ header }, context)).toEqual({ 'X-Team': 'blue', 'X-Empty': '', Authorization: 'Basic YQ==' });
  expect(readHeaders({ header, tokenEnv: 'TOKEN' }, context)).toMatchObject({ Authorization: 'Bearer sesame' });
});

test('a variable keeps everything after its first equals sign', () => {
  expect(readEnv({ env: ['A=1=2', 'B='] })).toEqual({ A: '1=2', B: '' });
});

test('a client with a secret uses the client credentials grant, unless --sign-in is given', () => {
  const flags = { clientId: 'desk', clientSecretEnv: 'SECRET' };
  expect(readClient({ clientId: 'desk' }, context)).toMatchObject({ secret: undefined, isForPerson: true });
  expect(readClient(flags, context)).toMatchObject({ id: 'desk', secret: 'hush', isForPerson: false });
  expect(readClient({ ...flags, signIn: true }, context)).toMatchObject({ secret: 'hush', isForPerson: true });
  expect(readClient({}, context)).toBeUndefined();
});

test.each(['1', '8976', '65535'])('port %s is accepted as the callback port', (callbackPort) => {
  expect(readClient({ clientId: 'desk', callbackPort }, context)).toMatchObject({ callbackPort: Number(callbackPort) });
});

const read = (flags: ConnectFlags) => [readHeaders(flags, context), readEnv(flags), readClient(flags, context)];

test.each<[ConnectFlags, string, string, string]>([
  [{ header: ['X Team: blue'] }, 'usage', '"X Team: blue" is not a header', "Write -H 'Name: value'."],
  [{ header: ['X-Team'] }, 'usage', '"X-Team" is not a header', "Write -H 'Name: value'."],
  [{ env: ['=x'] }, 'usage', '"=x" is not a variable', 'Write --env NAME=value.'],
  [{ env: ['x'] }, 'usage', '"x" is not a variable', 'Write --env NAME=value.'],
  [{ tokenEnv: 'NOT_SET' }, 'variable-not-set', 'NOT_SET is not set', 'It should hold the token.'],
  [{ tokenEnv: 'EMPTY' }, 'variable-not-set', 'EMPTY is not set', 'It should hold the token.'],
  [{ tokenEnv: 'constructor' }, 'variable-not-set', 'constructor is not set', 'It should hold the token.'],
  [{ clientSecretEnv: 'SECRET' }, 'usage', '--client-secret-env needs --client-id', 'Add --client-id ID.'],
  [{ signIn: true }, 'usage', '--sign-in needs --client-id', 'Add --client-id ID.'],
  ...['0', '65536', '80a', '-1', ''].map((callbackPort): [ConnectFlags, string, string, string] => [
    { clientId: 'desk', callbackPort },
    'usage',
    `"${callbackPort}" is not a port`,
    'Write --callback-port 8976.',
  ]),
])('%j is refused, and the hint shows the correct form', (flags, code, message, hint) => {
  expect(() => read(flags)).toThrow(expect.objectContaining({ code, message, hint }));
});
