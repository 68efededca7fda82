import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowedTask, InputRequest, TaskError, TaskRecord, TaskStore } from '@mcp-tasks/client';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { makeAnswer } from './answers.ts';
import type { Chance } from './chance.ts';
import type { Journal } from './journal.ts';
import { isToBeCancelled } from './planned-calls.ts';
import type { WorkerSetup } from './worker-setup.ts';

/** Timeout for an answer or a cancel, in ms; both are saved by then and sent later. */
const TIMEOUT_MS = 20_000;

/** A person at this worker who watches tasks, answers some questions and cancels some tasks. */
export interface Person {
  watch(handle: FollowedTask): Promise<void>;
  hurry(): void;
}

export interface PersonOptions {
  readonly setup: WorkerSetup;
  readonly store: TaskStore;
  readonly journal: Journal;
  readonly chance: Chance;
}

export function createPerson({ setup, store, journal, chance }: PersonOptions): Person {
  let isHurried = false;
  let marks = 0;
  const pause = (low: number, high: number) => sleep(isHurried ? 100 : chance.between(low, high));

  /** The state of a question in the record on disk. */
  async function readQuestion(
    id: string,
    key: string,
  ): Promise<{ disk: string; digest: string; settledForMs: number }> {
    const entry = (await store.read(id))?.ledger[key];
    if (entry === undefined) return { disk: 'gone', digest: '', settledForMs: 0 };
    const since = entry.state === 'answering' ? entry.since : entry.state === 'acknowledged' ? entry.at : Date.now();
    return { disk: entry.state, digest: entry.digest, settledForMs: Date.now() - since };
  }

  async function prompt(handle: FollowedTask, key: string, request: InputRequest, again: boolean): Promise<void> {
    const { id } = handle;
    const here = handle.latest.ledger[key]?.state ?? 'gone';
    const { digest, ...shown } = await readQuestion(id, key);
    journal.write({ kind: 'prompt', id, key, digest, again, here, ...shown });
    for (;;) {
      await pause(200, 4000);
      const now = await readQuestion(id, key);
      if (now.disk !== 'open' || now.digest !== digest) return;
      if (isHurried || chance.hits(0.5)) break; // otherwise another worker may answer
    }
    marks += 1;
    const response = makeAnswer(request, `${setup.name}x${setup.life}x${marks}`, chance);
    if (handle.latest.ledger[key]?.digest !== digest) return; // the question under this key has changed
    journal.write({ kind: 'answering', id, key, digest, response });
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      await answerNow(handle, key, response, { signal });
      // A timed-out wait does not show whether the answer was accepted; the question may be asked again.
      if (signal.aborted)
        journal.write({ kind: 'answer-failed', id, key, code: 'timed-out', message: 'no reply in time' });
      else journal.write({ kind: 'answered', id, key, digest });
    } catch (error) {
      const { code, message } = error as TaskError;
      journal.write({ kind: 'answer-failed', id, key, code, message });
    }
  }

  async function stop(handle: FollowedTask): Promise<void> {
    const { id } = handle;
    await pause(500, 6000);
    if (handle.latest.phase !== 'open') return;
    journal.write({ kind: 'cancelling', id });
    try {
      await handle.cancel({ signal: AbortSignal.timeout(TIMEOUT_MS) });
      journal.write({ kind: 'cancelled', id });
    } catch (error) {
      journal.write({ kind: 'cancelled', id, code: (error as TaskError).code });
    }
  }

  return {
    hurry() {
      isHurried = true;
    },
    async watch(handle) {
      const { arguments: args, tool } = handle.latest as TaskRecord;
      if (chance.hits(0.5) && isToBeCancelled(setup.seed, String(args.soak), tool)) void stop(handle);
      const withdrawn = new Set<string>();
      for await (const update of handle.updates()) {
        if (update.kind === 'question' || update.kind === 'question-withdrawn') {
          const question = `${update.key} ${update.record.ledger[update.key]?.digest}`;
          if (update.kind === 'question') void prompt(handle, update.key, update.request, withdrawn.has(question));
          else withdrawn.add(question);
        }
        if (update.kind === 'settled') {
          journal.write({ kind: 'settled', id: handle.id, status: update.outcome.status });
        }
        if (!isHurried && chance.hits(0.03)) handle.detach(); // the next search of the records resumes it
      }
    },
  };
}
