import type { PlanJson } from "../../contract/plan.ts"
import type { TableNotice } from "../../model/table-facts.ts"

/** The version of the layout of manifests and of the objects beside them. A function refuses manifests of a later version. */
export const manifestFormat = 1

/** The version of an object that a delivery reads. */
export interface PinnedObject {
  /** The bucket's name. */
  readonly bucket: string
  /** The key, not encoded. */
  readonly key: string
  /** Its version id, if the bucket has versions. */
  readonly versionId?: string | undefined
  /** Its etag without quotes, in a bucket without versions. */
  readonly etag?: string | undefined
}

/** The address of an object, as reports and the ledger have it. */
export function objectUri({ bucket, key }: Pick<PinnedObject, "bucket" | "key">): string {
  return `s3://${bucket}/${key}`
}

/** What tells the versions of an object apart: its version id or, in a bucket without versions, its etag. */
export function versionOf({ versionId, etag }: PinnedObject): string | undefined {
  return versionId ?? etag
}

/** What the parser has found out about a delivery. It is written once, and all other functions rely on it. */
export interface Manifest {
  readonly format: number
  readonly deliveryId: string
  readonly pipeline: string
  readonly contractVersion?: string | undefined
  readonly object: PinnedObject
  /** Bytes of the object. */
  readonly size: number
  readonly sha256: string
  readonly sequence?: number | undefined
  readonly sourceTable?: string | undefined
  /** The instant that counts as now. ISO 8601. */
  readonly asOf: string
  /** How often the plan was revised. */
  readonly revision: number
  readonly plan: PlanJson
  readonly notices: readonly TableNotice[]
  /** Tells the objects of several parsers of one version apart. */
  readonly writer: string
  readonly parts: number
  readonly rows: number
  /** A hash of all that decides about rows and deliveries, as far as it is data: rules, weights and gates. */
  readonly rules: string
  readonly reload?: boolean | undefined
}

/** A part in the list beside the manifest. */
export interface PartItem {
  readonly part: number
  readonly rows: number
}
