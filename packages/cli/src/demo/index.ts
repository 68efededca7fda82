export { needsHttp, parseChaos } from './chaos.ts';
export { describeDemo } from './help.ts';
export { type RunningDemo, serveDemoHttp } from './http.ts';
export type { DemoOptions } from './options.ts';
export { serveDemoStdio } from './stdio.ts';
