export { needsHttp, parseChaos } from './chaos.ts';
export { isLoopback } from './guard.ts';
export { describeDemo } from './help.ts';
export { type RunningDemo, serveDemoHttp } from './http.ts';
export { type DemoOptions, isRevision, REVISIONS } from './options.ts';
export { serveDemoStdio } from './stdio.ts';
