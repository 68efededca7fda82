export { encodePayload, encodeTask, RELATED_TASK } from './encode.ts';
export { type AskOnStream, createResultStream, type ResultRequest, type ResultStream } from './result-stream.ts';
export { answerTaskRequest, type TaskRequest } from './task-requests.ts';
