// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested
import { TaskError } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { expandVariables } from './expand-variables.ts';
import { createRedaction, redactError, replacementsFor } from './redact.ts';

const variables = { env: { PORT: '81', KEY: 's3cret key' }, directory: '/work', homeDirectory: '/home/ada' };
const redactionOf = (written: string) =>
  createRedaction(replacementsFor(written, expandVariables(written, variables, 'x')));

test('a URL, its origin and its host are replaced by their text in the file, however short the value', () => {
  const redact = redactionOf('http://127.0.0.1:${PORT}/mcp');
  expect(redact('http://127.0.0.1:81/mcp cannot be reached')).toBe('http://127.0.0.1:${PORT}/mcp cannot be reached');
  expect(redact('connect 127.0.0.1:81 of http://127.0.0.1:81')).toBe(
    'connect 127.0.0.1:${PORT} of http://127.0.0.1:${PORT}',
  );
});

test('a value is replaced by the name of its variable, also in URL-encoded form', () => {
  const redact = redactionOf('https://x.example/${KEY}');
  expect(redact('GET https://x.example/s3cret%20key: no s3cret key')).toBe('GET https://x.example/${KEY}: no ${KEY}');
});

test('an error keeps its code; its message and hint lose the value', () => {
  const redact = redactionOf('Bearer ${KEY}');
  const error = redactError(new TaskError('unreachable', 'no s3cret key', { hint: 'It said: s3cret key' }), redact);
  expect(error).toMatchObject({ code: 'unreachable', message: 'no ${KEY}', hint: 'It said: ${KEY}' });
});

test('a value of four characters is replaced everywhere; a shorter value only within the whole configured text', () => {
  const short = (KEY: string) => {
    const written = 'Bearer ${KEY}';
    return createRedaction(replacementsFor(written, expandVariables(written, { ...variables, env: { KEY } }, 'x')));
  };
  expect(short('open')('they open Bearer open')).toBe('they ${KEY} Bearer ${KEY}');
  expect(short('ope')('they open Bearer ope')).toBe('they open Bearer ${KEY}');
});
