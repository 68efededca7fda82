import { expect, test } from 'vitest';
import { endUnlessFront } from './end-unless-front.ts';

/** An idle keeper; a front connects during the named step. */
function idleKeeper(connectsDuring?: 'acquire' | 'removeFile') {
  const did: string[] = [];
  let fronts = 0;
  const step = (name: string) => async () => {
    did.push(name);
    await Promise.resolve();
    if (name === connectsDuring) fronts += 1;
  };
  const keeper = {
    acquire: step('acquire'),
    release: () => void did.push('release'),
    removeFile: step('removeFile'),
    writeFile: step('writeFile'),
    countFronts: () => fronts,
    end: step('end'),
  };
  return { keeper, did };
}

test.each(['acquire', 'removeFile'] as const)(
  'a front that connects during %s keeps an idle keeper',
  async (during) => {
    const { keeper, did } = idleKeeper(during);
    await endUnlessFront(keeper);
    expect(did).toEqual(['acquire', 'removeFile', 'writeFile', 'release']);
  },
);

test('an idle keeper without fronts ends under the lock', async () => {
  const { keeper, did } = idleKeeper();
  await endUnlessFront(keeper);
  expect(did).toEqual(['acquire', 'removeFile', 'end']);
});
