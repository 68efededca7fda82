export { createTaskTransport } from './task-transport.ts';
export type { TaskTransport, TaskTransportOptions, TransportMessage } from './transport-api.ts';
