/** The statements of a goose migration. */
export interface GooseFile {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/**
 * Parses a goose migration. A statement ends at the end of a line that ends in a semicolon. Between StatementBegin and StatementEnd, it ends at
 * StatementEnd, because the body of a function contains semicolons.
 */
export function gooseFile(sql: string): GooseFile {
  const halves: { readonly up: string[]; readonly down: string[] } = { up: [], down: [] }
  let half: "up" | "down" | undefined
  let block = false
  let lines: string[] = []
  const end = () => {
    const statement = lines.join("\n").trim()
    lines = []
    if (statement !== "" && half !== undefined) halves[half].push(statement)
  }
  for (const line of sql.split(/\r?\n/)) {
    const annotation = /^--\s*\+goose\s+(\w+)/.exec(line)?.[1]?.toLowerCase()
    if (annotation === "up" || annotation === "down") {
      end()
      half = annotation
    } else if (annotation === "statementbegin" || annotation === "statementend") {
      end()
      block = annotation === "statementbegin"
    } else if (annotation === undefined && (block || !line.trimStart().startsWith("--"))) {
      lines.push(line)
      if (!block && line.trimEnd().endsWith(";")) end()
    }
  }
  end()
  return halves
}
