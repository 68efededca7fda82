export { encodeCreated, encodeDetailed, TASKS_EXTENSION, tookTasks } from './encode.ts';
export {
  type ListenRequest,
  openSubscription,
  parseListen,
  type RequestId,
  refusalOf,
  type ServedMessage,
  type Subscription,
} from './listen.ts';
export { answerTaskRequest, type TaskRequest } from './task-requests.ts';
