import { type Connection, ConnectionFailure, isJsonObject } from '@mcp-tasks/client';

/** The same connection; calls back once when the server refuses its revision and names those that it speaks instead. */
export function onRevisionRefused(connection: Connection, callback: () => void): Connection {
  const { revision } = connection.negotiated;
  let isTold = false;
  const request: Connection['request'] = async (...args) => {
    try {
      return await connection.request(...args);
    } catch (error) {
      if (!isTold && namesOthers(error, revision)) {
        isTold = true;
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
