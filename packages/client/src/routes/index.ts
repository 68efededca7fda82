export type { Access, TaskRoutesOptions, TaskSource } from './routes-api.ts';
export type { QuestionJson, TaskEventJson, TaskJson } from './task-json.ts';
export { taskRoutes } from './task-routes.ts';
