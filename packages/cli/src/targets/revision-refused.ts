import { type Connection, ConnectionFailure, isJsonObject } from '@mcp-tasks/client';

/** The same connection; calls back once if the server refuses its revision and names the ones it supports. */
export function onRevisionRefused(connection: Connection, callback: () => void): Connection {
  const { revision } = connection.negotiated;
  let isReported = false;
  const request: Connection['request'] = async (...args) => {
    try {
      return await connection.request(...args);
    } catch (error) {
      if (!isReported && namesOthers(error, revision)) {
        isReported = true;
        callback();
      }
      throw error;
    }
  };
  return Object.create(connection, { request: { value: request, enumerable: true } }) as Connection;
}

function namesOthers(error: unknown, revision: string): boolean {
  const failure = error instanceof ConnectionFailure ? error.failure : undefined;
  const data = failure?.kind === 'rpc' ? failure.data : undefined;
  const supported = isJsonObject(data) ? data.supported : undefined;
  return Array.isArray(supported) && !supported.includes(revision);
}
