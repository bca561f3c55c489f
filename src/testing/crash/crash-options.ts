import type { CrashFile } from "./crash-file.ts"
import type { Failpoint, SinkCall } from "./crash-message.ts"
import type { ClientMessage } from "./fault-proxy.ts"
import type { Loader } from "./loader-process.ts"

/** An empty target of one trial, as the trial sees it from outside. */
export interface CrashTarget<Settings = unknown> {
  /** What `crashLoader` makes its sink of; plain JSON. */
  readonly settings: Settings
  /**
   * What a reader sees now, as one value: a count of rows, or for modes that change rows a checksum. It is asked twenty times a second, and may
   * only ever be what it was before the trial, or what it is at the end.
   */
  look(): Promise<string | number>
  /** All rows of the target, in any order, with the columns of `expected`. Values are compared as text, dates by their day. */
  rows(): Promise<Iterable<object>>
  /** The rows that must be there at the end. Default: the good rows of the file, each once. */
  readonly expected?: Iterable<object> | undefined
  /** What a reader may see as well, between the state before and the one at the end: of a load of several deliveries, each is seen. Default none. */
  readonly between?: readonly (string | number)[] | undefined
  /** How many deliveries a load is made of: so many loaders may say that they loaded, and each of them once. Default 1. */
  readonly deliveries?: number | undefined
  /** Whether a load of what is loaded loads it again, and is no duplicate. Default false. */
  readonly repeats?: boolean | undefined
  /** The name of the loaders' pipeline, where the target knows one already. Default: another one in each trial. */
  readonly pipeline?: string | undefined
  /**
   * Whether a loader has its claim now, as others can see it. Where this is given, loaders are killed and stopped at random only after their claim, and
   * trials that missed it are made again. Default: not asked.
   */
  claimed?(): Promise<boolean>
  /** What loaders that have ended still hold of the target, such as locks, leases and open transactions: one sentence each. Default: not asked. */
  leaks?(): Promise<readonly string[]>
  /** Where the target is reached by the protocol of PostgreSQL. Faults of the network need it. */
  readonly network?: CrashNetwork<Settings> | undefined
  /** Removes the target when its trial is over. */
  remove?(): Promise<void>
}

/** A PostgreSQL server behind a sink. */
export interface CrashNetwork<Settings> {
  /** Its host. */
  readonly host: string
  /** Its port. */
  readonly port: number
  /** The settings of a loader that reaches the server through another port of 127.0.0.1. */
  through(port: number): Settings
}

/** How a loader of a trial is started. */
export interface LoaderStart<Settings> {
  /** Default: the target's. */
  readonly settings?: Settings | undefined
  /** What happens to it at a call of its sink. Default: nothing. */
  readonly failpoint?: Failpoint | undefined
  /** How often its pipeline may try the delivery. Default 1 in every other trial, and 3 in those between. */
  readonly attempts?: number | undefined
  /** A process of its own with these variables of the environment, which loads nothing else. Default: whichever is free. */
  readonly env?: { readonly [name: string]: string } | undefined
}

/** What a load does to which nothing happens, as it was seen before the trials. */
export interface CleanLoad {
  /** How long it takes, in milliseconds. */
  readonly ms: number
  /** How long it takes once it has its claim; all of `ms` where the target does not tell. */
  readonly claimedMs: number
  /** Calls that it makes of its sink. */
  readonly calls: readonly SinkCall[]
  /** Messages that it sends to its PostgreSQL server; none for targets without a `network`. */
  readonly messages: readonly ClientMessage[]
}

/** One trial, from the point of view of its fault. */
export interface CrashTrial<Settings = unknown> {
  /** The target, which is empty. */
  readonly target: CrashTarget<Settings>
  /** The file that loaders load. */
  readonly file: CrashFile
  /** Which trial of its fault this is, from 0. */
  readonly number: number
  /** The next number in [0, 1), seeded. */
  random(): number
  /** A load to which nothing happens. */
  readonly clean: CleanLoad
  /** What exactly is done in this trial: it stands with what is found broken. */
  note(what: string): void
  /** Says that harm was done at this point of those that a fault chooses from; the result counts them. */
  harmed(point: string): void
  /** Says that the harm came too early or too late: the trial does not count, and another one is made. */
  missed(): void
  /** Starts a loader of the trial's file. */
  start(options?: LoaderStart<Settings>): Promise<Loader>
}

/** Something that happens to loaders. */
export interface CrashFault<Settings = unknown> {
  /** For the summary. */
  readonly name: string
  /** How often it is tried; a function of a load without faults where each of its points is tried so many times. */
  readonly trials: number | ((clean: CleanLoad) => number)
  /** Trials at once. Default: the run's `lanes`; more for faults that mostly wait, 1 for ones that harm everybody. */
  readonly lanes?: number | undefined
  /**
   * Starts loaders and does them harm; afterwards one more is started, must load the file or find it loaded, and every law is checked.
   * Gives what it found broken itself, one sentence each; what it throws counts as one.
   */
  run(trial: CrashTrial<Settings>): Promise<readonly string[] | undefined>
}

/** What came of one fault. */
export interface CrashResult {
  /** The fault. */
  readonly fault: string
  /** How often it was tried; trials that missed do not count. */
  readonly trials: number
  /** Trials whose harm came too early or too late. */
  readonly missed: number
  /** All that was found broken; empty where the sink stands it. */
  readonly findings: readonly CrashFinding[]
  /** How often harm was done at each point, by its name; empty for faults that choose none. */
  readonly points: ReadonlyMap<string, number>
  /** How long the trials took together. */
  readonly ms: number
}

/** A trial that broke a law. */
export interface CrashFinding {
  /** Which trial of its fault, from 0. */
  readonly trial: number
  /** What was broken, one sentence each. */
  readonly broken: readonly string[]
}

/** Options of `crashTrials`. */
export interface CrashOptions<Settings> {
  /** The program that calls `crashLoader`: a path or `file:` URL of JavaScript, or of what `execArgv` makes node understand. */
  readonly program: string | URL
  /** Arguments of node for the program, such as `["--import", "tsx"]`. Default none. */
  readonly execArgv?: readonly string[] | undefined
  /** Makes the empty target of one trial. */
  target(file: CrashFile): Promise<CrashTarget<Settings>>
  /** What is tried, one after another. Default `processFaults()`, and `postgresFaults()` as well where the target has a `network`. */
  readonly faults?: readonly CrashFault<Settings>[] | undefined
  /** Multiplies the trials of every fault; at least one is made of each. Default 1. */
  readonly scale?: number | undefined
  /** Rows of the file. Default 20,000. */
  readonly rows?: number | undefined
  /** One row in so many cannot be read, and must be set aside. Default 100. */
  readonly rejectEvery?: number | undefined
  /** Most rows of a batch. Default 1,024. */
  readonly batchRows?: number | undefined
  /** Trials at once. Default 2. */
  readonly lanes?: number | undefined
  /** The same seed makes the same file and the same random numbers. Default 1. */
  readonly seed?: number | undefined
  /** Seconds after which a trial counts as hung, and is ended. Default 120. */
  readonly patienceSeconds?: number | undefined
  /** Called when a fault has been tried. Default: nothing. */
  readonly onResult?: ((result: CrashResult) => void) | undefined
}
