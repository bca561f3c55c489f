import type { DeliveryReport } from "../../model/run-report.ts"
import type { ProposedColumn } from "../../profile/proposal.ts"

/** What a report keeps of a column whose kind was inferred. */
export type InferredColumn = Pick<ProposedColumn, "kind" | "evidence"> & {
  readonly column: string
  readonly odd: Pick<ProposedColumn["odd"], "cells" | "rows">
  readonly doubt?: string
}

/** A fact about how a table was read. */
export interface ReadingFact {
  readonly name: string
  readonly value: string
  readonly evidence: string | undefined
  /** 0 to 1. */
  readonly confidence: number | undefined
}

const plainFacts = ["format", "sheet", "columns", "path", "range"]
const weighedFacts = ["encoding", "delimiter", "quote", "escape", "lineEnd", "header", "preamble", "decimal"]
const shownValues: { readonly [value: string]: string } = { "\t": "tab", " ": "space", null: "none" }

/** The columns whose kinds were inferred, of all tables of a delivery. */
export function inferredColumns(plan: DeliveryReport["plan"]): readonly InferredColumn[] {
  return tables(plan).flatMap(([, facts]) => {
    const { inferred } = facts
    return Array.isArray(inferred) ? inferred.filter(isInferred) : []
  })
}

/** How each table of a delivery was read, with the evidence. */
export function readingFacts(plan: DeliveryReport["plan"]): readonly { readonly table: string; readonly facts: readonly ReadingFact[] }[] {
  return tables(plan).map(([table, facts]) => ({ table, facts: [...plain(facts), ...sheetHeader(facts), ...weighed(facts)] }))
}

function plain(facts: Facts): readonly ReadingFact[] {
  return plainFacts.flatMap((name) => {
    const value = facts[name]
    return typeof value === "string" || typeof value === "number"
      ? [{ name, value: String(value), evidence: undefined, confidence: undefined }]
      : []
  })
}

function sheetHeader({ headerRow, headerConfidence, headerEvidence }: Facts): readonly ReadingFact[] {
  if (!Array.isArray(headerEvidence)) return []
  const confidence = typeof headerConfidence === "number" ? headerConfidence : undefined
  return [{ name: "header", value: headerRow === null ? "none" : `row ${headerRow}`, evidence: headerEvidence.join("; "), confidence }]
}

function weighed(facts: Facts): readonly ReadingFact[] {
  return weighedFacts.flatMap((name) => {
    const { value, confidence, evidence } = objectOf(facts[name])
    if (value === undefined || typeof evidence !== "string") return []
    const text = String(value)
    const shown = name === "header" && value !== null ? `row ${text}` : (shownValues[text] ?? text)
    return [
      {
        name: name === "lineEnd" ? "line end" : name,
        value: shown,
        evidence,
        confidence: typeof confidence === "number" ? confidence : undefined,
      },
    ]
  })
}

type Facts = { readonly [fact: string]: unknown }

function tables(plan: DeliveryReport["plan"]): readonly (readonly [table: string, facts: Facts])[] {
  return Object.entries(objectOf(plan["dialects"])).map(([table, facts]) => [table, objectOf(facts)])
}

function isInferred(column: unknown): column is InferredColumn {
  const { kind, evidence, odd } = objectOf(column)
  return typeof kind === "string" && typeof evidence === "object" && typeof odd === "object"
}

function objectOf(value: unknown): Facts {
  return typeof value === "object" && value !== null ? (value as Facts) : {}
}
