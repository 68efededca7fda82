import type { Negotiated } from '../connect/connection.ts';
import type { JobMappings } from '../protocol/jobs/mapping.ts';
import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { listTools } from '../worker/tools.ts';
import type { CallRequest, ToolDescription } from './call-api.ts';
import type { FollowRequest } from './follow-request.ts';

/** The jobs of a server, or a function that returns them for the server's name and version. */
export type JobsOption = JobMappings | ((server: Negotiated['server']) => JobMappings | undefined);

/** Jobs behind ordinary tools of a server, described by mappings. */
export interface MappedJobs {
  /** The record of a call that starts a job, before anything is sent; undefined for a plain tool. */
  draft(request: CallRequest, signal?: AbortSignal): Promise<TaskRecord | undefined>;
  /**
   * The record of a job that was started elsewhere. @throws {TaskError} `not-found` for no such mapping, `call-invalid`
   */
  draftOf(request: FollowRequest): Promise<TaskRecord>;
  /** The tools, and one more for each job that can be started; a job replaces a tool with its name. */
  withJobs(tools: readonly ToolDescription[]): Promise<readonly ToolDescription[]>;
  /** Records of the unfinished jobs that the server lists. A list that fails is left out. */
  listed(): Promise<readonly TaskRecord[]>;
  /** Drops the cached tools: the server announced a change. */
  forget(): void;
}

/** Servers behind mapped tools are often rate-limited, and a view refreshes every few seconds. */
const LIST_EVERY_MS = 30_000;

export function createMappedJobs(around: ClientContext, option: JobsOption | undefined): MappedJobs {
  const { connection, dialect, clock } = around;
  let lastList: { readonly at: number; readonly found: Promise<readonly TaskRecord[]> } | undefined;
  let tools: Promise<readonly ToolDescription[]> | undefined;

  const all = (): JobMappings => (typeof option === 'function' ? option(connection.negotiated.server) : option) ?? {};
  const drafts = () => import('./job-drafts.ts');

  /** The list of tools, read once. */
  async function known(signal?: AbortSignal): Promise<readonly ToolDescription[]> {
    tools ??= listTools(connection, dialect, signal);
    return tools.catch((error: unknown) => {
      tools = undefined;
      throw error;
    });
  }

  async function list(): Promise<readonly TaskRecord[]> {
    const jobs = Object.entries(all()).filter(([, mapping]) => mapping.list !== undefined);
    if (jobs.length === 0) return [];
    return (await drafts()).draftAllListed(around, await known(), jobs);
  }

  return {
    async draft(request, signal) {
      const mapping = own(all(), request.name);
      if (mapping?.start === undefined) return undefined;
      return (await drafts()).draftStart(around, await known(signal), mapping, request);
    },
    async draftOf(request) {
      const { draftFollowed } = await drafts();
      return draftFollowed(around, known, all(), request);
    },
    async withJobs(listed) {
      const jobs = Object.entries(all());
      tools = Promise.resolve(listed);
      return jobs.length === 0 ? listed : (await drafts()).describeJobs(jobs, listed);
    },
    listed() {
      const isOld = lastList === undefined || Math.abs(clock.now() - lastList.at) >= LIST_EVERY_MS;
      lastList = isOld || lastList === undefined ? { at: clock.now(), found: list() } : lastList;
      return lastList.found;
    },
    forget() {
      tools = undefined;
    },
  };
}
