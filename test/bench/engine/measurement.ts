import { fileURLToPath } from 'node:url';

/** The poller: a bare loop, ext-tasks, or our client on one of its stores. */
export const CONTENDERS = ['bare', 'ext-tasks', 'memory', 'sqlite'] as const;
export type Contender = (typeof CONTENDERS)[number];
export type OurStore = Extract<Contender, 'memory' | 'sqlite'>;
export type WireKind = 'in process' | 'HTTP';

/** One measurement, made in its own process. */
export type Measurement = PollMeasurement | HoldMeasurement | CreateMeasurement | DecodeMeasurement | BridgeMeasurement;

/** Follows tasks until all have completed. */
export interface PollMeasurement {
  readonly kind: 'poll';
  readonly contender: Contender;
  readonly wire: WireKind;
  readonly tasks: number;
  readonly hintMs: number;
  /** Number of polls of a task; the last one returns completed. */
  readonly polls: number;
  /** Each poll returns a new status message. */
  readonly news: boolean;
}

/** Resumes idle tasks and holds them. */
export interface HoldMeasurement {
  readonly kind: 'hold';
  readonly contender: Contender;
  readonly tasks: number;
  readonly windowMs: number;
}

/** Calls a tool that becomes a task, repeatedly. */
export interface CreateMeasurement {
  readonly kind: 'create';
  readonly contender: OurStore;
  readonly calls: number;
}

/** Reads a completed task with a large result. */
export interface DecodeMeasurement {
  readonly kind: 'decode';
  readonly megabytes: number;
  readonly rounds: number;
}

/** Calls a tool with and without a bridge, and starts bridges. */
export interface BridgeMeasurement {
  readonly kind: 'bridge';
  readonly calls: number;
  readonly rounds: number;
}

export interface PollFigures {
  readonly polls: number;
  readonly cpuPerPollUs: number;
  readonly wallMs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly statementsPerSecond: number;
}

export interface HoldFigures {
  readonly resumeCpuMs: number;
  /** The longest event loop delay while tasks were resumed. */
  readonly resumeHeldMs: number;
  readonly heapPerTaskBytes: number;
  readonly statementsPerSecond: number;
  readonly idleCpuPercent: number;
}

export interface CreateFigures {
  readonly cpuPerCallMs: number;
  readonly wallPerCallMs: number;
}

export interface DecodeFigures {
  /** Parse and decode together, relative to `JSON.parse` alone. */
  readonly overParse: number;
  readonly parseMs: number;
}

export interface BridgeFigures {
  readonly directMs: number;
  readonly bridgedMs: number;
  readonly bridgedP99Ms: number;
  /** From the start of a front to its cached list of tools. */
  readonly listMs: number;
  /** The same for the server alone. */
  readonly bareStartMs: number;
  readonly frontBytes: number;
  readonly keeperBytes: number;
}

export interface FiguresOf {
  readonly bridge: BridgeFigures;
  readonly poll: PollFigures;
  readonly hold: HoldFigures;
  readonly create: CreateFigures;
  readonly decode: DecodeFigures;
}

export const CHILD = fileURLToPath(new URL('./measure-child.ts', import.meta.url));
export const SERVER = fileURLToPath(new URL('./server-child.ts', import.meta.url));
