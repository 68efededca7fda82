import { createTaskClient, type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { createRelay } from '@mcp-tasks/client/connect';
import { type Keeper, reachKeeper, removeStaleSocket, serveKeeper } from '@mcp-tasks/client/keeper';
import { aborted } from '../aborted.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { reportOf } from '../display/error-report.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from '../exit-codes.ts';
import { jobsOf } from '../jobs/jobs-of.ts';
import { closeSoon } from '../session/close-soon.ts';
import { openStore } from '../session/open-store.ts';
import { isKeptElsewhere } from '../session/work-of-children.ts';
import { openConnection } from '../targets/open-connection.ts';
import { connectionOfRecord } from '../targets/record-connection.ts';
import { endUnlessFront } from './end-unless-front.ts';
import { createHostAnswers, type HostAnswers } from './host-answers.ts';
import { createIdle } from './idle.ts';
import type { KeepReply, KeepRequest } from './keep-server-message.ts';
import { removeKeeper, watchFolder, writeKeeper } from './keeper-file.ts';
import { isOfFormerRevision, openUnderOneRevision } from './one-revision.ts';
import { createPlaceLock } from './place-lock.ts';
import { resumeTasks } from './resume-tasks.ts';
import { createServerStderr } from './server-stderr.ts';
import { watchJobs } from './watch-jobs.ts';

/** Another keeper may be starting a server that is downloaded first; a stopped one must not block others for ever. */
const START_LIMIT_MS = 60_000;
const LEAVE_LIMIT_MS = 10_000;

/** Runs a keeper: the background process of one server, which calls, polls and answers for terminals and hosts. */
export async function runKeep(context: Context): Promise<ExitCode> {
  const { parent } = context;
  if (parent === undefined)
    throw new CliError('usage', 'A keeper is started by call, watch or a bridge', 'mcp-tasks keepers --help');
  const reply = (message: KeepReply): void => parent.send(message);
  const request = (await parent.receive()) as KeepRequest;
  try {
    await keep(request, context, () => {
      reply({ kind: 'keeps' });
      parent.disconnect();
    });
    return exitCodes.completed;
  } catch (error) {
    const report = reportOf(error instanceof Error ? error : new TaskError('closed', String(error)));
    reply({ kind: 'failed', report });
    parent.disconnect();
    return exitCodeOfError(report.code);
  }
}

async function keep(request: KeepRequest, context: Context, onReady: () => void): Promise<void> {
  const { place } = request;
  const lock = createPlaceLock(place, context.clock);
  await lock.acquire(START_LIMIT_MS);
  try {
    const other = await reachKeeper({ path: place.path });
    other?.close();
    if (other !== undefined) return onReady();
    await removeStaleSocket(place.path);
    await keepAlone(request, context, {
      onListening() {
        onReady();
        lock.release();
      },
      // A new keeper must not listen on this socket until this process has stopped listening.
      onLeaving: () => lock.acquire(LEAVE_LIMIT_MS),
      onStaying: lock.release,
    });
  } finally {
    lock.release();
  }
}

interface Stages {
  onListening(): void;
  onLeaving(): Promise<void>;
  onStaying(): void;
}

async function keepAlone(
  { resolved, place, restart, allowProject, answers: methods = [] }: KeepRequest,
  context: Context,
  stages: Stages,
): Promise<void> {
  const { store, owner } = await openStore(context, () => undefined);
  const serverStderr = createServerStderr(context);
  let keeper: Keeper | undefined;
  const hosts = methods.length === 0 ? undefined : createHostAnswers(methods, () => keeper);
  let reason = 'its background process has ended';
  const stop = new AbortController();
  const end = (why: string): void => {
    reason = why;
    stop.abort();
  };
  const open = openUnderOneRevision(
    () => openConnection(resolved, serverStderr.context, { verbose: true }, { mayAsk: false, answers: hosts?.answers }),
    end,
  );
  const first = await open();
  const relay = createRelay({
    open,
    first,
    ...(restart === 'once' ? { maxReopens: 1 } : {}),
    onReopen: ({ message }) => keeper?.notify({ kind: 'restarted', reason: message }),
  });
  let jobs = await jobsOf(resolved, context, { allowProject });
  const readJobs = async (): Promise<void> => {
    jobs = await jobsOf(resolved, context, { allowProject }).catch((error: Error) => {
      serverStderr.context.stderr.write(`${error.message}\n`);
      return jobs; // a file that is being edited
    });
  };
  const tasks = createTaskClient({ connection: relay, store, owner, jobs: (server) => jobs.of(server) });
  const { fingerprint, label } = first.identity;
  // A job continues on its server without polls; only a host needs its outcome delivered.
  const needsKeeper = (record: TaskRecord): boolean =>
    !isOfFormerRevision(record, first.negotiated.revision) && (restart === 'always' || !isKeptElsewhere(record));
  const note = { pid: context.pid, startedAt: context.now(), server: label, fingerprint };
  const onIdle = (): Promise<void> =>
    endUnlessFront({
      acquire: stages.onLeaving,
      release: () => (stop.signal.aborted ? undefined : stages.onStaying()),
      removeFile: () => removeKeeper(place, context.pid),
      writeFile: () => writeKeeper(place, note),
      countFronts: () => keeper?.fronts ?? 0,
      end: () => {
        end('it was no longer needed');
        return keeper?.close(reason);
      },
    });
  const isFolderGone = await watchFolder(place);
  const idle = createIdle({ store, owner, fingerprint, needsKeeper, isFolderGone, clock: context.clock, onIdle });
  const unwatch = watchJobs(context, () => void readJobs().then(() => keeper?.notifyToolsChanged()));
  try {
    keeper = await serveKeeper({
      path: place.path,
      tasks,
      connection: relay,
      onFronts(count) {
        idle.fronts(count);
        hosts?.forward(tasks);
        serverStderr.listen((line) => keeper?.notify({ kind: 'said', line }));
      },
      onLinger: idle.linger,
      async beforeCall() {
        // Refuse a call that cannot be sent, instead of recording it as one that may have run.
        await relay.ready().catch(throwCause);
        await readJobs();
      },
      onStop: () => end('its background process was stopped'),
    });
    relay.onClosed(({ message }) => end(message));
    if (hosts !== undefined) void forwardQuestions(tasks, hosts).catch(() => undefined);
    await writeKeeper(place, note);
    const sessions = await resumeTasks(tasks, store, keeper, async (record) => {
      const { sessionId, revision } = record;
      const same = { mayAsk: false, sessionId, revision };
      const connection = await connectionOfRecord(record, () => openConnection(resolved, context, {}, same));
      return createTaskClient({ connection, store, owner });
    });
    stages.onListening();
    await aborted(AbortSignal.any([stop.signal, context.interrupt]));
    idle.end();
    unwatch();
    await stages.onLeaving();
    await removeKeeper(place, context.pid);
    await keeper.close(reason);
    await sessions.close();
  } finally {
    await closeSoon(tasks, context);
    await closeSoon(relay, context);
    await store.close();
  }
}

/** @throws {TaskError} the error of connecting */
function throwCause(error: Error): never {
  throw TaskError.is(error.cause) ? error.cause : new TaskError('unreachable', error.message, { cause: error });
}

/** Sends each new question to a host, until the client closes. */
async function forwardQuestions(tasks: TaskClient, hosts: HostAnswers): Promise<void> {
  for await (const { kind } of tasks.events()) if (kind === 'question') hosts.forward(tasks);
}
