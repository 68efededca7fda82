import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { Connection } from './connection.ts';

/** How a connection is seen. */
export interface ConnectionView {
  /** Known by this identity instead of its own. */
  readonly identity?: ServerIdentity | undefined;
  /** In the `_meta` of each request, beside what the request has there. */
  readonly meta?: JsonObject | undefined;
}

/** The same connection, seen another way. */
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
