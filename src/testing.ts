export type { ContractCase } from "./testing/contract-case.ts"
export { sinkContract } from "./testing/sink-contract.ts"
export type { ContractRow, SinkContractOptions, SinkUnderTest } from "./testing/sink-contract-options.ts"
