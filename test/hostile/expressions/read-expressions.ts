import ts from "typescript"

/** A regular expression in the sources. */
export interface Expression {
  /** The path below `src/`. */
  readonly path: string
  readonly line: number
  /** The source text: `/x+/g`, or the argument of `new RegExp` if it is built at run time. */
  readonly text: string
  readonly made: boolean
}

/** Reads every regular expression of a source file from its syntax tree. */
export function readExpressions(path: string, source: string): Expression[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const found: Expression[] = []
  const visit = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1
    if (ts.isRegularExpressionLiteral(node)) found.push({ path, line, text: node.text, made: false })
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp")
      found.push({ path, line, text: node.arguments?.[0]?.getText() ?? "", made: true })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Compiles a literal. */
export function compiledLiteral(text: string): RegExp {
  const end = text.lastIndexOf("/")
  return new RegExp(text.slice(1, end), text.slice(end + 1))
}

/** Whether a pattern repeats anything without a limit. Otherwise its cost at each position is bounded by its length. */
export function repeats({ source }: RegExp): boolean {
  const plain = source.replace(/\\./gs, "x").replace(/\[[^\]]*\]/g, "x")
  return /[*+]|\{\d+,\}/.test(plain)
}
