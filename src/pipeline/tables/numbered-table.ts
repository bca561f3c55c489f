import type { Parser } from "../../contract/parser.ts"
import type { TableFacts } from "../../model/table-facts.ts"

/** Reads one of the tables that a parser gives. The first has number 1 and the name that it has without a choice. */
export function numberedTable(parser: Parser, number: number): Parser {
  return {
    name: parser.name,
    async locate(file, context) {
      const place = await parser.locate?.(file, context)
      return number === 1 ? place : [...(place === undefined ? [] : [place]), `table ${number}`].join(" ")
    },
    async *parse(file, context) {
      let at = 0
      let current: TableFacts | undefined
      // With the headers that the pipeline expects, the tables above the expected one would count as a preamble.
      for await (const batch of parser.parse(file, { ...context, headers: undefined })) {
        if (batch.table !== current) at++
        if (at > number) return
        current = batch.table
        if (at === number) yield batch
      }
    },
  }
}
