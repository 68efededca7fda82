export { CHAOS_HELP, type Chaos, type ParsedChaos, parseChaos } from './chaos.ts';
export { type RunningDemo, serveDemoHttp } from './http.ts';
export type { DemoOptions } from './options.ts';
export { serveDemoStdio } from './stdio.ts';
