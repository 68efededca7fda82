import { expect, test } from 'vitest';
import { changes, lightStart } from '../../packages/cli/light-start.ts';

test('the bundle changes at most two statements of its dependencies', () => {
  expect(changes.length).toBeLessThanOrEqual(2);
});

test('a build fails when a dependency no longer has the code that the bundle replaces', () => {
  const plugin = lightStart();
  expect(plugin.transform('export default 1;', '/node_modules/ink/build/reconciler.js')).toBeUndefined();
  expect(() => plugin.buildEnd()).toThrow(/measure-text[\s\S]+loadPackageJson/);
});
