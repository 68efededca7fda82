import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedPrograms } from './find-programs.ts';
import { startPostgres } from './start-server.ts';

/** Variable with the folder that names this run's server. */
export const RUN_FOLDER = 'MCP_TASKS_TEST_RUN';

interface Shared {
  readonly url: string;
  readonly pid: number;
}

export function readShared(folder: string): Shared | undefined {
  const file = join(folder, 'postgres.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Shared) : undefined;
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'postgres-lock'));
    return true;
  } catch {
    return false;
  }
}

/** `MCP_TASKS_TEST_POSTGRES` names another server. Without any server the tests are skipped. */
export function isPostgresHere(): boolean {
  return process.env.MCP_TASKS_TEST_POSTGRES !== undefined || embeddedPrograms() !== undefined;
}

/** The server of this run: the first caller starts it, and the end of the run stops it. */
export async function sharedPostgres(): Promise<string> {
  const { MCP_TASKS_TEST_POSTGRES: given, [RUN_FOLDER]: folder } = process.env;
  if (given !== undefined) return given;
  const programs = embeddedPrograms();
  if (folder === undefined || programs === undefined) throw new Error('There is no PostgreSQL for this test');
  if (isFirst(folder)) {
    const { url, pid } = await startPostgres(programs, join(folder, 'postgres')).catch((error: unknown) => {
      rmSync(join(folder, 'postgres-lock'), { recursive: true });
      throw error;
    });
    writeFileSync(join(folder, 'postgres.part'), JSON.stringify({ url, pid }));
    renameSync(join(folder, 'postgres.part'), join(folder, 'postgres.json'));
  }
  for (;;) {
    const shared = readShared(folder);
    if (shared !== undefined) return shared.url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
