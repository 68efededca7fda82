export { checkMapping, checkTools } from './check-mapping.ts';
export { presets } from './presets/index.ts';
export { suggestJobs } from './suggest-jobs.ts';
