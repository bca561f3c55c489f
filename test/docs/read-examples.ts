/** A fenced block of a page. Its first word is the language; the others say what the tests do with it. */
export interface Example {
  readonly page: string
  /** The line of the page where the code begins, counted from 1. */
  readonly line: number
  readonly language: string
  readonly code: string
  /**
   * `run`: executed, and type-checked if it is TypeScript; `// => x` states the output. `typecheck`: only type-checked. `output`: the output of
   * the previous example, with `...` for anything. `manual`: for a reader's terminal, not executed. A block with `file=orders.csv` is a file
   * that later examples of the page find in their folder.
   */
  readonly use: "run" | "typecheck" | "output" | "manual" | "file" | undefined
  readonly file: string | undefined
  /** Whether it begins with the code of the previous TypeScript example. */
  readonly continues: boolean
}

const mustBeUsed = /^(ts|tsx|typescript|mts|js|javascript|mjs|sh|bash|shell|console)$/
const manualLanguages = /^(sh|bash|shell|console)$/

/** The fenced blocks of a page; for a source file, those in its doc comments. */
export function readExamples(page: string, text: string): Example[] {
  const lines = text.split("\n").map((line) => (page.endsWith(".ts") ? commentText(line) : line))
  const examples: Example[] = []
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(lines[at] ?? "") ?? []
    if (fence === undefined) continue
    const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence))
    if (end < 0) throw new Error(`${page}:${at + 1} opens a block that never ends`)
    const code = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    examples.push(example(page, at + 2, info.trim().split(/\s+/), code.join("\n")))
    at = end
  }
  return examples
}

function example(page: string, line: number, [language = "", ...words]: readonly string[], code: string): Example {
  const file = words.find((word) => word.startsWith("file="))?.slice("file=".length)
  const use = file !== undefined ? "file" : (["run", "typecheck", "output", "manual"] as const).find((each) => words.includes(each))
  const continues = words.includes("continues")
  return { page, line, language, code, use, file, continues }
}

/** The reason why the tests do not see an example, if there is one. */
export function exampleFault({ page, line, language, use }: Example): string | undefined {
  if (mustBeUsed.test(language) && use === undefined)
    return `${page}:${line} shows ${language} that no test sees; mark the block run, typecheck, file=NAME or, for a terminal, manual`
  if (use === "manual" && !manualLanguages.test(language)) return `${page}:${line} is ${language}, which must be run or type-checked`
  return undefined
}

/** A line of a doc comment without its asterisk; empty outside comments. */
function commentText(line: string): string {
  return /^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1] ?? ""
}
