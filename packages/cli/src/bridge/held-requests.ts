import type { CallToolResult, JsonObject, TaskRecord } from '@mcp-tasks/client';
import { CLIENT_LEFT } from '../mcp-server/client-left.ts';
import type { HostAsker } from './ask-host.ts';
import type { FrontFile } from './front-file.ts';
import type { HostCall, HostCalls } from './host-calls.ts';
import { charactersOf, type HostLimits } from './host-limits.ts';
import { truncateResult } from './large-results.ts';
import type { OwnNames } from './texts.ts';

/** Interval of progress notifications of a held call, in ms. */
const PROGRESS_MS = 5_000;

/** One `tools/call` of a host without tasks, in any revision. */
export interface HeldRequest {
  /** JSON-RPC id: questions go out on the stream of this request. */
  readonly id: string | number;
  /** Aborted when the host gives up. */
  readonly signal: AbortSignal;
  readonly progressToken: string | number | undefined;
  /** Whether the host can be asked this record's questions now, which ends the hold. */
  readonly asks?: ((record: TaskRecord) => boolean) | undefined;
  /** The task that this call resumes. */
  readonly resumes?: string | undefined;
  /** Sends a notification on the stream of this request. */
  readonly notify: (method: string, params: JsonObject) => Promise<void>;
}

export interface HeldRequestsOptions {
  readonly calls: HostCalls;
  readonly names: () => OwnNames;
  /** `clientInfo.name`; empty before initialize. */
  readonly clientName: () => string;
  /** Hold time set by the person, in ms. @default the host's limit */
  readonly holdMs: number | undefined;
  readonly limits: HostLimits;
  /** This process in `bridge status`. */
  readonly file: FrontFile;
  /** Puts questions to the host, when it can show them. */
  readonly asker: HostAsker | undefined;
  /** Cancelling a request in the host cancels its task. @default the task is detached */
  readonly cancelUpstream: boolean;
  /** Folder of whole results that are too large for a host. */
  readonly resultsFolder: string;
  readonly now: () => number;
}

export type Hold = (tool: string, args: JsonObject, request: HeldRequest) => Promise<CallToolResult>;

/** Answers calls within the host's limits: with the result, or with the task id and how to wait for it. */
export function createHold(options: HeldRequestsOptions): Hold {
  const { calls, names, clientName, holdMs, limits, file, asker, cancelUpstream, now, resultsFolder } = options;

  async function held(
    request: HeldRequest,
    seconds: unknown,
    work: (call: HostCall) => Promise<CallToolResult>,
  ): Promise<CallToolResult> {
    const usual = holdMs ?? limits.holdOf(clientName(), request.progressToken !== undefined);
    const wanted = typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : usual;
    const begun = now();
    let newest: TaskRecord | undefined;
    const progress = reportProgress(request);
    file.sawHost(clientName());
    const release = file.hold();
    try {
      const result = await work({
        signal: request.signal,
        holdMs: Math.min(usual, wanted),
        asks: request.asks,
        onChange(record) {
          newest = record;
          progress.observe(record);
          asker?.observe(record, request.id);
        },
      });
      // Not delivered when the host has given up.
      if (!request.signal.aborted) calls.delivered(result);
      const id = newest?.id;
      if (request.signal.aborted && request.signal.reason !== CLIENT_LEFT) {
        if (!cancelUpstream) limits.learn(clientName(), now() - begun);
        else if (id !== undefined) await calls.cancel(id);
      }
      if (id === undefined) return result;
      return await truncateResult(result, { maxCharacters: charactersOf(clientName()), folder: resultsFolder, id });
    } finally {
      progress.stop();
      release();
      if (newest !== undefined) asker?.release(newest.id);
    }
  }

  return async (tool, args, request) => {
    const id = String(args.id ?? '');
    const { wait, list, cancel, answer } = names();
    switch (tool) {
      case wait:
        return held(request, args.seconds, (call) => calls.wait(id, call));
      case list:
        return calls.list();
      case cancel:
        return calls.cancel(id);
      case answer:
        return calls.answer(id, args);
      default:
        return held(request, undefined, (call) =>
          request.resumes === undefined ? calls.call(tool, args, call) : calls.wait(request.resumes, call),
        );
    }
  };
}

/** Progress of the host's request, while its call is held. */
interface HeldProgress {
  /** Called with each version of the record; new progress is sent at once. */
  observe(record: TaskRecord): void;
  stop(): void;
}

/** Added when the server reports nothing new, since progress must increase. */
const STEP = 0.01;

/** Sends the server's progress and increments it every 5 s: hosts that reset their timeout on progress wait longer. */
function reportProgress({ progressToken, notify }: HeldRequest): HeldProgress {
  if (progressToken === undefined) return { observe: () => undefined, stop: () => undefined };
  let sent = 0;
  let newest: Pick<TaskRecord, 'progress' | 'statusMessage'> = {};

  function sendProgress(): void {
    const { progress: reported, statusMessage } = newest;
    sent = Math.max(sent + STEP, reported?.progress ?? 0);
    const isWithin = reported?.total !== undefined && sent <= reported.total;
    const message = reported?.message ?? statusMessage ?? 'working';
    const params = { progressToken, progress: sent, ...(isWithin ? { total: reported.total } : {}), message };
    void notify('notifications/progress', params as JsonObject).catch(() => undefined);
  }

  sendProgress();
  const timer = setInterval(sendProgress, PROGRESS_MS);
  return {
    observe({ progress, statusMessage }) {
      const { progress: before } = newest;
      const isNew =
        statusMessage !== newest.statusMessage ||
        progress?.progress !== before?.progress ||
        progress?.message !== before?.message;
      newest = { progress, statusMessage };
      if (isNew) sendProgress();
    },
    stop: () => clearInterval(timer),
  };
}
