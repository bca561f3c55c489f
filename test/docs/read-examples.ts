/** A fenced block of a page. Its first word is the language; the others say what the tests do with it. */
export interface Example {
  readonly page: string
  /** One-based line of the page where the code begins. */
  readonly line: number
  readonly language: string
  readonly code: string
  /**
   * `run`: executed, and type-checked if it is TypeScript; `// => x` says what is printed. `typecheck`: type-checked only.
   * `output`: what the executed example before it prints, `...` standing for anything. `manual`: for a reader's terminal, not executed.
   * A block may instead be a file, `file=orders.csv`, which the page's later examples find in their folder.
   */
  readonly use: "run" | "typecheck" | "output" | "manual" | "file" | undefined
  readonly file: string | undefined
  /** Begins with the code of the page's TypeScript example before it. */
  readonly continues: boolean
}

const mustBeUsed = /^(ts|tsx|typescript|mts|js|javascript|mjs|sh|bash|shell|console)$/
const manualLanguages = /^(sh|bash|shell|console)$/

/** The fenced blocks of a page; of a source file, those in its doc comments. */
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

/** What keeps the tests from seeing an example, if anything does. */
export function exampleFault({ page, line, language, use }: Example): string | undefined {
  if (mustBeUsed.test(language) && use === undefined)
    return `${page}:${line} shows ${language} that no test sees: mark the block run, typecheck, file=NAME or, for a terminal, manual`
  if (use === "manual" && !manualLanguages.test(language)) return `${page}:${line} is ${language}, which has to be run or type-checked`
  return undefined
}

/** A line of a doc comment without its asterisk; empty outside of comments. */
function commentText(line: string): string {
  return /^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1] ?? ""
}
