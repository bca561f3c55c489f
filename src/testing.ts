export type { ContractCase } from "./testing/contract-case.ts"
export type { CrashFile, CrashRow } from "./testing/crash/crash-file.ts"
export { type CrashLoad, crashLoader } from "./testing/crash/crash-loader.ts"
export type { Failpoint, LoaderOutput, SinkCall } from "./testing/crash/crash-message.ts"
export type {
  CleanLoad,
  CrashFault,
  CrashFinding,
  CrashNetwork,
  CrashOptions,
  CrashResult,
  CrashTarget,
  CrashTrial,
  LoaderStart,
} from "./testing/crash/crash-options.ts"
export { crashTrials } from "./testing/crash/crash-trials.ts"
export type { ClientMessage } from "./testing/crash/fault-proxy.ts"
export type { Loader } from "./testing/crash/loader-process.ts"
export { postgresFaults } from "./testing/crash/postgres-faults.ts"
export { processFaults } from "./testing/crash/process-faults.ts"
export { parserContract } from "./testing/parser-contract.ts"
export type { ParserContractOptions, ParserExample } from "./testing/parser-contract-options.ts"
export { sinkContract } from "./testing/sink-contract.ts"
export type { ContractRow, SinkContractOptions, SinkUnderTest } from "./testing/sink-contract-options.ts"
export { sourceContract } from "./testing/source-contract.ts"
export type { ContractFile, SourceContractOptions, SourceUnderTest } from "./testing/source-contract-options.ts"
