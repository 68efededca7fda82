import type Database from 'libsql';

export type Statement = Pick<Database.Statement, 'all' | 'get' | 'iterate' | 'run'>;

/** A statement compiled on first use: a process that only reads needs few of a store's statements. */
export function createStatement(db: Database.Database, text: string): Statement {
  let compiled: Database.Statement | undefined;
  const statement = (): Database.Statement => {
    compiled ??= db.prepare(text);
    return compiled;
  };
  return {
    all: (...values) => statement().all(...values),
    get: (...values) => statement().get(...values),
    iterate: (...values) => statement().iterate(...values),
    run: (...values) => statement().run(...values),
  };
}
