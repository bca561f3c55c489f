#!/usr/bin/env node
import { processIo } from "./cli/process-io.ts"
import { runCli } from "./cli/run-cli.ts"

const { io, end } = processIo()
await end(await runCli(process.argv.slice(2), io))
