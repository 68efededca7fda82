import { loadYoga, type Yoga } from 'yoga-layout/load';

/** Replaces `yoga-layout` in the bundle, which waits at the top level. Set once `layoutReady` has resolved. */
let yoga: Yoga;

export const layoutReady: Promise<void> = loadYoga().then((loaded) => {
  yoga = loaded;
});

export { yoga as default };
