import type { Member } from './store-member.ts';

/** The tasks of a worker, sorted by need. */
export interface Members {
  /** No task is followed here. */
  readonly isEmpty: boolean;
  /** A lease is held, or waited for. */
  readonly isDriving: boolean;
  readonly waiting: ReadonlySet<Member>;
  /** Members that receive changes of their record, and neither hold nor want a lease now. */
  readonly reading: ReadonlySet<Member>;
  has(id: string): boolean;
  all(): readonly Member[];
  leaders(): readonly Member[];
  leaderOf(id: string): Member | undefined;
  /** The members that follow this task through its record. */
  readersOf(id: string): readonly Member[];
  /** The member that gets the lease of this task when the worker receives it. */
  claimantOf(id: string): Member | undefined;
  /** Call this after each change of the member's need. */
  sort(member: Member): void;
}

export function createMembers(): Members {
  /** Arrays, not sets, to save memory: a process holds thousands of tasks, most with one member. */
  const byTask = new Map<string, readonly Member[]>();
  const leading = new Map<string, Member>();
  const waiting = new Set<Member>();
  const reading = new Set<Member>();
  const of = (id: string): readonly Member[] => byTask.get(id) ?? [];

  function drop(member: Member): void {
    if (leading.get(member.id) === member) leading.delete(member.id);
    waiting.delete(member);
    reading.delete(member);
  }

  return {
    get isEmpty() {
      return byTask.size === 0;
    },
    get isDriving() {
      return leading.size + waiting.size > 0;
    },
    waiting,
    reading,
    has: (id) => byTask.has(id),
    all: () => [...byTask.values()].flat(),
    leaders: () => [...leading.values()],
    leaderOf: (id) => leading.get(id),
    readersOf: (id) => of(id).filter((member) => waiting.has(member) || reading.has(member)),
    claimantOf: (id) => of(id).find(({ need }) => need === 'waits' || need === 'borrows'),
    sort(member) {
      const { id, need } = member;
      drop(member);
      if (need === 'leads') leading.set(id, member);
      if (need === 'waits') waiting.add(member);
      if (need === 'reads' || need === 'borrows') reading.add(member);
      const all = of(id);
      if (all.includes(member) === (need !== 'rests')) return;
      const next = need === 'rests' ? all.filter((each) => each !== member) : [...all, member];
      if (next.length === 0) byTask.delete(id);
      else byTask.set(id, next);
    },
  };
}
