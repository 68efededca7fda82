export { type ObserveConnectionOptions, observeConnection } from './observe-connection.ts';
export { observeMail } from './observe-mail.ts';
export { type ObserveOptions, observeStore } from './observe-store.ts';
