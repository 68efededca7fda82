import type { TaskRecord } from '@mcp-tasks/client';
import { endsWithServer, withServerStopped } from '../../session/work-of-children.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';

type Reason = 'quit' | 'interrupted';

/** Leaves at once where nothing is lost by it, and asks where servers of ours would take work along. */
export function leave(model: Model, reason: Reason): Step<Model> {
  if (model.overlay?.kind === 'leaving') return stopAndLeave(model, reason);
  const mayLose = [...model.records.values()].some(
    (record) => model.servers.has(record.server.fingerprint) && endsWithServer(record),
  );
  if (!mayLose) return [model, [{ kind: 'end', reason }]];
  return [{ ...model, leavesAt: null, overlay: { kind: 'leaving', reason, ids: null } }, [{ kind: 'find-work' }]];
}

export function onWorkFound(model: Model, ids: readonly string[]): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  return leaveIfFree({ ...model, overlay: { ...overlay, ids } });
}

/** Nothing of it is under way any more: the person goes, as they wished to. */
export function leaveIfFree(model: Model): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving' || overlay.ids === null || workAtStake(model).length > 0) return [model, []];
  return [{ ...model, overlay: null }, [{ kind: 'end', reason: overlay.reason }]];
}

/** The records are shown as they will be written: what is left on the screen is what every command says. */
export function stopAndLeave(model: Model, reason?: Reason): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  const records = new Map(model.records);
  for (const record of workAtStake(model)) records.set(record.id, withServerStopped(record, model.now));
  return [{ ...model, records, overlay: null }, [{ kind: 'end', reason: reason ?? overlay.reason }]];
}

/** What leaving would lose, as long as it is under way. */
export function workAtStake({ overlay, records }: Model): readonly TaskRecord[] {
  if (overlay?.kind !== 'leaving') return [];
  return (overlay.ids ?? []).flatMap((id) => records.get(id) ?? []).filter(endsWithServer);
}
