import { expect, test } from 'vitest';
import { matchingTools } from './matching-tools.ts';

const tool = (name: string, title?: string) =>
  ({ name, inputSchema: {}, taskSupport: 'optional', ...(title === undefined ? {} : { title }) }) as const;
const tools = [tool('release', 'Ship a service'), tool('report')];
const names = (filter: string) => matchingTools(tools, filter).map(({ name }) => name);

test('a tool is found by its name or its title, in any case', () => {
  expect(names(' RE ')).toEqual(['release', 'report']);
  expect(names('ship')).toEqual(['release']);
  expect(names('undefined')).toEqual([]);
  expect(names('  ')).toEqual(['release', 'report']);
});
