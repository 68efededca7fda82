// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested
import { expect, test } from 'vitest';
import { expandVariables, variablesIn } from './expand-variables.ts';

const variables = { env: { TOKEN: 'abc', EMPTY: '' }, directory: '/work', homeDirectory: '/home/ada' };
const expand = (text: string) => expandVariables(text, variables, '.mcp.json').text;

test.each([
  ['Bearer ${TOKEN}', 'Bearer abc'],
  ['${env:TOKEN}!', 'abc!'],
  ['${PORT:-3000}', '3000'],
  ['${EMPTY:-x}', 'x'],
  ['${EMPTY}', ''],
  ['${NONE:-}', ''],
  ['${workspaceFolder}/a ${userHome}', '/work/a /home/ada'],
  ['$TOKEN $5', '$TOKEN $5'],
])('%s becomes %s', (text, expected) => {
  expect(expand(text)).toBe(expected);
});

test('the error for an unset variable names the variable and the file', () => {
  expect(() => expand('${SECRET}')).toThrow('.mcp.json needs the variable SECRET, which is not set');
});

test('an input that only a host can ask for is an error', () => {
  expect(() => expand('${input:key}')).toThrow('.mcp.json asks its host for "key"');
});

test('a variable that only a host can fill in is named in the error', () => {
  expect(() => expand('${command:pick}')).toThrow('.mcp.json asks its host for "${command:pick}"');
  expect(expand('${workspaceFolderBasename}')).toBe('work');
});

test("the names of a text's variables are listed without their values", () => {
  expect(variablesIn('${TOKEN} ${env:A} ${B:-x} ${workspaceFolder} ${input:k}')).toEqual(['TOKEN', 'A', 'B']);
});
