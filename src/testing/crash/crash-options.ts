import type { CrashFile } from "./crash-file.ts"
import type { Failpoint, SinkCall } from "./crash-message.ts"
import type { ClientMessage } from "./fault-proxy.ts"
import type { Loader } from "./loader-process.ts"

/** An empty target for one trial, as seen from outside. */
export interface CrashTarget<Settings = unknown> {
  /** The settings from which `crashLoader` makes its sink. They must be plain JSON. */
  readonly settings: Settings
  /**
   * Returns what a reader sees now as one value: a count of rows or, for modes that change rows, a checksum. It is called twenty times a second,
   * and may only return the value before the trial or the value at its end.
   */
  look(): Promise<string | number>
  /** Returns all rows of the target, in any order, with the columns of `expected`. Values are compared as text, and dates by their day. */
  rows(): Promise<Iterable<object>>
  /** The rows that the target must have at the end. Default: each good row of the file, once. */
  readonly expected?: Iterable<object> | undefined
  /** Further values that a reader may see, between the first and the last: a load of several deliveries shows each of them. Default: none. */
  readonly between?: readonly (string | number)[] | undefined
  /** How many deliveries a load has. As many loaders may report that they loaded, one for each delivery. Default: 1. */
  readonly deliveries?: number | undefined
  /** Whether the same file may be loaded again. If false, a second load must report a duplicate. Default: false. */
  readonly repeats?: boolean | undefined
  /** The name of the loaders' pipeline, if the target already knows one. Default: a different name in each trial. */
  readonly pipeline?: string | undefined
  /**
   * Returns whether a loader has claimed the delivery, as other sessions see it. If you provide this, loaders are killed and stopped at random
   * only after they have the claim, and trials that strike too early are repeated. Default: not called.
   */
  claimed?(): Promise<boolean>
  /**
   * Returns what loaders still hold in the target after they have ended, such as locks, leases and open transactions, in one sentence each.
   * Default: not called.
   */
  leaks?(): Promise<readonly string[]>
  /** The PostgreSQL server of the target. Network faults need it. */
  readonly network?: CrashNetwork<Settings> | undefined
  /** Removes the target after its trial. */
  remove?(): Promise<void>
}

/** A PostgreSQL server behind a sink. */
export interface CrashNetwork<Settings> {
  /** Its host. */
  readonly host: string
  /** Its port. */
  readonly port: number
  /** Returns the settings of a loader that reaches the server through another port of 127.0.0.1. */
  through(port: number): Settings
}

/** How to start a loader of a trial. */
export interface LoaderStart<Settings> {
  /** The settings of the sink. Default: those of the target. */
  readonly settings?: Settings | undefined
  /** What happens to it at a call of its sink. Default: nothing. */
  readonly failpoint?: Failpoint | undefined
  /** How often its pipeline may try the delivery. Default: 1 and 3, in alternate trials. */
  readonly attempts?: number | undefined
  /** Starts a new process with these environment variables and uses it for this load only. Default: any idle process. */
  readonly env?: { readonly [name: string]: string } | undefined
}

/** A load without faults, as recorded before the trials. */
export interface CleanLoad {
  /** How long it takes, in milliseconds. */
  readonly ms: number
  /** How long it takes after its claim; equal to `ms` if the target has no `claimed`. */
  readonly claimedMs: number
  /** The calls that it makes to its sink. */
  readonly calls: readonly SinkCall[]
  /** The messages that it sends to its PostgreSQL server; none for targets without a `network`. */
  readonly messages: readonly ClientMessage[]
}

/** One trial, as its fault sees it. */
export interface CrashTrial<Settings = unknown> {
  /** The empty target. */
  readonly target: CrashTarget<Settings>
  /** The file that loaders load. */
  readonly file: CrashFile
  /** The number of this trial of its fault, counted from 0. */
  readonly number: number
  /** The next random number in [0, 1), seeded. */
  random(): number
  /** A load without faults. */
  readonly clean: CleanLoad
  /** Describes what this trial does. The description is printed with the findings. */
  note(what: string): void
  /** Reports at which of its points the fault struck. The result counts the strikes at each point. */
  harmed(point: string): void
  /** Reports that the fault struck too early or too late. The trial does not count and is repeated. */
  missed(): void
  /** Starts a loader of the trial's file. */
  start(options?: LoaderStart<Settings>): Promise<Loader>
}

/** Something bad that happens to loaders. */
export interface CrashFault<Settings = unknown> {
  /** The name in the summary. */
  readonly name: string
  /** How many trials to run. Pass a function of the load without faults if the number depends on that load. */
  readonly trials: number | ((clean: CleanLoad) => number)
  /** How many trials run at once. Default: the run's `lanes`. Use more for faults that mostly wait, and 1 for faults that harm all loaders. */
  readonly lanes?: number | undefined
  /**
   * Starts loaders and harms them. Afterwards one more loader must load the file or find it loaded, and every rule is checked. Returns the broken
   * rules that the fault itself noticed, in one sentence each; an error that it throws counts as one.
   */
  run(trial: CrashTrial<Settings>): Promise<readonly string[] | undefined>
}

/** The result of one fault. */
export interface CrashResult {
  /** The name of the fault. */
  readonly fault: string
  /** How many trials counted. Those that missed do not count. */
  readonly trials: number
  /** How many trials struck too early or too late. */
  readonly missed: number
  /** Every rule that the sink broke; empty if it withstands the fault. */
  readonly findings: readonly CrashFinding[]
  /** How often the fault struck at each point, by the point's name; empty for faults without points. */
  readonly points: ReadonlyMap<string, number>
  /** How long the trials took together, in milliseconds. */
  readonly ms: number
}

/** A trial in which the sink broke a rule. */
export interface CrashFinding {
  /** The number of the trial, counted from 0. */
  readonly trial: number
  /** The rules that were broken, in one sentence each. */
  readonly broken: readonly string[]
}

/** Options of `crashTrials`. */
export interface CrashOptions<Settings> {
  /** The program that calls `crashLoader`: the path or `file:` URL of a JavaScript file, or of any file that Node can run with `execArgv`. */
  readonly program: string | URL
  /** Arguments of Node for the program, such as `["--import", "tsx"]`. Default: none. */
  readonly execArgv?: readonly string[] | undefined
  /** Makes the empty target of one trial. */
  target(file: CrashFile): Promise<CrashTarget<Settings>>
  /** The faults to try, one after another. Default: `processFaults()`, plus `postgresFaults()` if the target has a `network`. */
  readonly faults?: readonly CrashFault<Settings>[] | undefined
  /** Multiplies the number of trials of every fault; each fault gets at least one. Default: 1. */
  readonly scale?: number | undefined
  /** How many rows the file has. Default: 20,000. */
  readonly rows?: number | undefined
  /** One row in this many cannot be read and must be rejected. Default: 100. */
  readonly rejectEvery?: number | undefined
  /** The most rows of a batch. Default: 1,024. */
  readonly batchRows?: number | undefined
  /** How many trials run at once. Default: 2. */
  readonly lanes?: number | undefined
  /** The seed of the file and of the random numbers. Default: 1. */
  readonly seed?: number | undefined
  /** After this many seconds a trial counts as hung and is ended. Default: 120. */
  readonly patienceSeconds?: number | undefined
  /** Called after each fault. Default: nothing. */
  readonly onResult?: ((result: CrashResult) => void) | undefined
}
