import type { Parser } from "../contract/parser.ts"
import type { SourceFile } from "../contract/source.ts"
import { type AutoParserOptions, parserOf } from "./auto.ts"
import type { FoundFile } from "./files/found-files.ts"
import { withNotices } from "./with-notices.ts"

/** Reads one of the files that an archive holds, as often as somebody asks. `packed`: the archive. */
export function foundFileParser(found: FoundFile, packed: SourceFile, options: AutoParserOptions): Parser {
  const inner = async () => {
    if (found.unpacking === undefined) return await parserOf(found, options)
    // Each reading has the limits to itself.
    const { Unpacking } = await import("./files/wrappers/unpacking.ts")
    return await parserOf({ ...found, unpacking: new Unpacking(packed, options.limits) }, options)
  }
  return {
    name: "auto",
    locate: async (file, context) => (await inner()).locate?.(file, context),
    async *parse(file, context) {
      yield* withNotices((await inner()).parse(file, context), found.notices)
    },
  }
}
