export type { InferOptions, InferredContract } from "./pipeline/tables/infer.ts"
export { inferContract } from "./pipeline/tables/infer.ts"
export type { Proposal, ProposedColumn } from "./profile/proposal.ts"
export type { ProposeOptions } from "./profile/propose.ts"
