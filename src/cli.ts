export type { CliIo, CliStream } from "./cli/cli-io.ts"
export { defineConfig, type RowgateConfig } from "./cli/config.ts"
export type { ExitCode } from "./cli/exit-code.ts"
export { runCli } from "./cli/run-cli.ts"
