import { type Connection, ConnectionFailure, type Failure, TaskError } from '@mcp-tasks/client';
import type { Expanded } from './expand-variables.ts';

/** A secret and its replacement in messages: the text of the configuration file. */
export interface Replacement {
  readonly secret: string;
  readonly shown: string;
}

/** Values shorter than this occur in ordinary words: the whole text that contains one is replaced. */
const SHORTEST = 4;

export function replacementsFor(written: string, { text, used }: Expanded): readonly Replacement[] {
  if (used.size === 0) return [];
  const values = [...used].filter(([, value]) => value.length >= SHORTEST);
  const each = values.flatMap(([name, value]) =>
    [...new Set([value, encodeURIComponent(value), encodeURI(value)])].map((secret) => ({
      secret,
      shown: `\${${name}}`,
    })),
  );
  if (!URL.canParse(text)) return [{ secret: text, shown: written }, ...each];
  const { href, host, origin } = new URL(text);
  const [start = '', place = ''] = /^[^/]*\/\/([^/?#]*)/.exec(written) ?? [];
  const parts =
    place === '' || place === host
      ? []
      : [
          { secret: origin, shown: start },
          { secret: host, shown: place },
        ];
  return [{ secret: text, shown: written }, { secret: href, shown: written }, ...parts, ...each];
}

export type Redact = (text: string) => string;

export function createRedaction(replacements: readonly Replacement[]): Redact {
  const longest = replacements
    .filter(({ secret }) => secret !== '')
    .toSorted((one, other) => other.secret.length - one.secret.length);
  return (text) => longest.reduce((rest, { secret, shown }) => rest.replaceAll(secret, shown), text);
}

/** The error without secrets. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (error instanceof ConnectionFailure) return new ConnectionFailure(redactFailure(error.failure, redact));
  if (!(error instanceof TaskError)) return error;
  const hint = error.hint === undefined ? {} : { hint: redact(error.hint) };
  // The cause of a connection failure may carry a retry-after.
  const cause = error.cause instanceof ConnectionFailure ? { cause: redactError(error.cause, redact) } : {};
  return new TaskError(error.code, redact(error.message), { ...hint, ...cause });
}

/** A connection whose failures show variable names in place of their values: failures are displayed and recorded. */
export function redactConnection(connection: Connection, redact: Redact): Connection {
  const { subscribe } = connection;
  const safely = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw redactError(error, redact);
    }
  };
  const methods: Partial<Connection> = {
    request: (method, params, options) => safely(connection.request(method, params, options)),
    onClosed: (listener) => connection.onClosed((failure) => listener(redactFailure(failure, redact))),
    ...(subscribe === undefined ? {} : { subscribe: (ids, signal) => safely(subscribe.call(connection, ids, signal)) }),
  };
  const own = Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value, enumerable: true }]));
  return Object.create(connection, {
    ...own,
    ended: {
      enumerable: true,
      get: () => (connection.ended === undefined ? undefined : redactFailure(connection.ended, redact)),
    },
  }) as Connection;
}

function redactFailure(failure: Failure, redact: Redact): Failure {
  return { ...failure, message: redact(failure.message) };
}
