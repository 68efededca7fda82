import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { Connection } from './connection.ts';

/** Overrides that a view applies to a connection. */
export interface ConnectionView {
  /** Replaces the connection's own identity. */
  readonly identity?: ServerIdentity | undefined;
  /** Added to the `_meta` of each request; keys of the request's own `_meta` win. */
  readonly meta?: JsonObject | undefined;
}

/** Returns the same connection with another identity or extra `_meta`. */
export function viewOf(connection: Connection, { identity, meta }: ConnectionView): Connection {
  const request: Connection['request'] = (method, params, options) => {
    const given = isJsonObject(params._meta) ? params._meta : {};
    return connection.request(method, { ...params, _meta: { ...meta, ...given } }, options);
  };
  return {
    get identity() {
      return identity ?? connection.identity;
    },
    get negotiated() {
      return connection.negotiated;
    },
    get dialect() {
      return connection.dialect;
    },
    get ended() {
      return connection.ended;
    },
    request: meta === undefined ? (...args) => connection.request(...args) : request,
    onRequest: (handler) => connection.onRequest(handler),
    onNotification: (listener) => connection.onNotification(listener),
    onClosed: (listener) => connection.onClosed(listener),
    get onLost() {
      return connection.onLost?.bind(connection);
    },
    get ready() {
      return connection.ready?.bind(connection);
    },
    get onReopened() {
      return connection.onReopened?.bind(connection);
    },
    get subscribe() {
      return connection.subscribe?.bind(connection);
    },
    get askHost() {
      return connection.askHost?.bind(connection);
    },
    close: (options) => connection.close(options),
  };
}
