/** The exit codes of the command, as in `docs/cli.md`. They do not change within a major version. */
export const exitCode = {
  /** Success: loaded, loaded before, or only planned. Rejected rows do not make a load fail; they are kept with their reasons. */
  ok: 0,
  /** An error stopped the run. Nothing of the current file was loaded. */
  failed: 1,
  /** The command line, the configuration or the environment is wrong. Nothing was loaded. */
  usage: 2,
  /** A gate or the error budget refused at least one file. The refusal is recorded, and nothing of that file was loaded. */
  refused: 3,
  /** With `--fail-on-rejects`: loaded, and at least one row was rejected. */
  rejects: 4,
  /** Loaded and committed, but the report, the file of rejects or the output could not be written. */
  unreported: 5,
  /** Stopped by Ctrl-C; the code that shells expect. */
  interrupted: 130,
  /** Stopped by SIGTERM; the code that shells expect. */
  terminated: 143,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
