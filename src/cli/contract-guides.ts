import type { StandardSchemaV1 } from "@standard-schema/spec"
import { declarationOf } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnGuide } from "../model/column-guide.ts"
import { createPipeline } from "../pipeline/build/create-pipeline.ts"
import { definitionOf } from "../pipeline/build/definition-of.ts"
import { memory } from "../sinks/memory.ts"
import { bytes } from "../sources/bytes.ts"
import { columnGuides } from "../validate/column-guides.ts"
import type { Contract } from "./ingest-settings.ts"

/** What the contract says about the columns of its rows, for people. A schema that does not tell its columns says nothing. */
export function contractGuides(contract: Contract): readonly ColumnGuide[] {
  return schemasOf(contract).flatMap((schema) => {
    try {
      return columnGuides(schema)
    } catch (error) {
      if (error instanceof RowgateError && error.code === "SCHEMA_INVALID") return []
      throw error
    }
  })
}

/** Only the first schema sees the columns of the file. */
function schemasOf(contract: Contract): readonly StandardSchemaV1[] {
  if (contract.kind === "schema") return [contract.schema]
  if (contract.kind === "inferred") return []
  const pipeline = contract.pipeline(createPipeline({ name: "guides" }).from(bytes(""))).into(memory())
  const { stages } = definitionOf("The pipeline", pipeline)
  return stages.flatMap((stage) => declarationOf(stage)?.schemas ?? []).slice(0, 1)
}
