import { RowgateError } from "../errors/rowgate-error.ts"

/** Says that a part file is not as `writePart` left it. `what` continues the sentence: "its index is missing". */
export function partDamaged(what: string, offset?: number, cause?: unknown): RowgateError {
  return new RowgateError({
    code: "PART_DAMAGED",
    message: `The part file is damaged${offset === undefined ? "" : ` at byte ${offset}`}: ${what}.`,
    remedy: "Delete the part file and run the step that wrote it again.",
    origin: offset === undefined ? undefined : { offset },
    cause,
  })
}

/** Says that another version of rowgate wrote a part file. */
export function unknownVersion(version: number, known: number): RowgateError {
  return new RowgateError({
    code: "PART_VERSION",
    message: `The part file has version ${version} of the format, but this version of rowgate reads version ${known} only.`,
    remedy: "Deploy the same version of rowgate to all functions, and deliver the file again.",
  })
}
