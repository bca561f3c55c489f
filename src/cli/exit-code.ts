/** What the command ends with. `docs/cli.md` lists them; they do not change within a major version. */
export const exitCode = {
  /** Done: loaded, loaded before, or tried with `--dry-run`. Rejected rows are part of a success, they are kept with their reasons. */
  ok: 0,
  /** The run was stopped by an error; the file at hand has loaded nothing. */
  failed: 1,
  /** The command line, the configuration or the environment is wrong; nothing was begun. */
  usage: 2,
  /** A gate or the error budget said no to at least one file: it is recorded as refused, and nothing of it was loaded. */
  refused: 3,
  /** Asked for by `--fail-on-rejects`: loaded, and at least one row was rejected. */
  rejects: 4,
  /** Loaded and committed, but the report, the file of rejects or the output could not be written. */
  unreported: 5,
  /** Ended by Ctrl-C, as shells expect it. */
  interrupted: 130,
  /** Ended by SIGTERM, as shells expect it. */
  terminated: 143,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
