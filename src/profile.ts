export type { DetectOptions, SuspectCell } from "./pipeline/tables/detect.ts"
export { detect, learn } from "./pipeline/tables/detect.ts"
export type { InferOptions, InferredContract } from "./pipeline/tables/infer.ts"
export { inferContract } from "./pipeline/tables/infer.ts"
export type { ProfiledTable, ProfileOptions, SketchedTable, SourceTableProfile } from "./pipeline/tables/profile.ts"
export { profile, sketchTables } from "./pipeline/tables/profile.ts"
export type { DetectRuleset } from "./profile/detect/ruleset.ts"
export type { SuspectReason, Suspicion } from "./profile/detect/suspicion.ts"
export type {
  ColumnRemark,
  KindDoubt,
  KindEvidence,
  NullText,
  OddCells,
  Proposal,
  ProposedColumn,
  ProposedReading,
  RemarkedCells,
} from "./profile/proposal.ts"
export type { ProposeOptions } from "./profile/propose.ts"
export type { ColumnProfile, PatternCount, Quantiles, Suspect, TableProfile, ValueCount } from "./profile/table-profile.ts"
export { TableSketch } from "./profile/table-sketch.ts"
export type { CellExample } from "./profile/tally.ts"
