import type { RowCounts } from "../../model/run-report.ts"
import type { PinnedObject } from "./manifest.ts"

/** Where the list of parts is, for a state machine that goes through it: JSON such as `[{ "part": 0 }, { "part": 1 }]`. */
export interface ItemsPointer {
  /** The processing bucket. */
  readonly bucket: string
  /** The key of the list. */
  readonly key: string
}

/** How the loader gets the rows: all parts in one call, or from a staging table that is filled part by part. */
export type LoadWay = "direct" | "staged"

/** What the parser returns. */
export type ParserOutput = ParsedObject | UnfinishedParse | FoundCorrection | IgnoredObject

/** The object is in parts. */
export interface ParsedObject {
  /** Says which of the outputs it is. */
  readonly status: "parsed"
  /** The URI of the manifest: the input of all other functions. */
  readonly manifest: string
  /** The id of the delivery. */
  readonly deliveryId: string
  /** The number of parts. */
  readonly parts: number
  /** The list of all parts. */
  readonly items: ItemsPointer
  /** How the parts will be loaded. */
  readonly load: LoadWay
}

/** The parser stopped in time. Pass this to it again. */
export interface UnfinishedParse {
  /** Says which of the outputs it is. */
  readonly status: "unfinished"
  /** The version of the object. */
  readonly object: PinnedObject
  /** How often the plan was revised. */
  readonly revision: number
  /** Names the folder of the parts. */
  readonly writer: string
  /** Parts that are written. */
  readonly parts: number
  /** Rows in these parts. */
  readonly rows: number
  /** The id of the delivery. */
  readonly deliveryId: string
  /** The instant that counts as now. ISO 8601. */
  readonly asOf: string
  /** Whether to load bytes that were loaded before. */
  readonly reload?: boolean | undefined
}

/** The object has corrected rejects of an earlier delivery. Pass `object` to the loader with the step `replay`. */
export interface FoundCorrection {
  /** Says which of the outputs it is. */
  readonly status: "correction"
  /** The object. */
  readonly object: PinnedObject
  /** The id of the delivery that it corrects. */
  readonly deliveryId: string
}

/** There is nothing to do. */
export interface IgnoredObject {
  /** Says which of the outputs it is. */
  readonly status: "ignored"
  /** Why, as a sentence. */
  readonly reason: string
}

/** The plan was contradicted. Pass this to the parser. */
export interface Replan {
  /** Says which of the outputs it is. */
  readonly status: "replan"
  /** The URI of the manifest. */
  readonly manifest: string
  /** The round that showed it. */
  readonly round: number
}

/** One part, in one round of validation. */
export interface PartPointer {
  /** The URI of the manifest. */
  readonly manifest: string
  /** The number of the part, from 0. */
  readonly part: number
  /** The number of the round, from 0. */
  readonly round: number
}

/** What the scorer returns for all parts. */
export type MergeOutput = SettledDelivery | Revalidate | Replan

/** No part will change any more, and the gates have decided. */
export interface SettledDelivery {
  /** Says which of the outputs it is. */
  readonly status: "settled"
  /** The URI of the manifest. */
  readonly manifest: string
  /** The last round. */
  readonly round: number
  /** The id of the delivery. */
  readonly deliveryId: string
  /** Whether the gates let the delivery pass. The loader decides again, with what the database says. */
  readonly decision: "load" | "refuse"
  /** Whether to stage the parts before they are loaded. */
  readonly load: LoadWay
  /** The list of all parts. */
  readonly items: ItemsPointer
}

/** Some parts have to be validated again, because of rows in earlier parts. */
export interface Revalidate {
  /** Says which of the outputs it is. */
  readonly status: "revalidate"
  /** The URI of the manifest. */
  readonly manifest: string
  /** The next round. */
  readonly round: number
  /** The list of these parts. */
  readonly items: ItemsPointer
}

/** What the loader returns for a delivery. */
export interface LoadOutput extends RowCounts {
  /** What became of it. */
  readonly status: "loaded" | "refused" | "duplicate"
  /** The URI of the manifest. */
  readonly manifest: string
  /** The id of the delivery. For a duplicate, that of the delivery that loaded the same bytes. */
  readonly deliveryId: string
  /** Why it was refused, as a sentence. */
  readonly reason?: string | undefined
  /** The overall score, 0 to 100; null without rules. */
  readonly score: number | null
}
