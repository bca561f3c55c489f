import ts from "typescript"

/** A regular expression in the sources. */
export interface Expression {
  /** Path below `src/`. */
  readonly path: string
  readonly line: number
  /** As it is written: `/x+/g`; the argument of `new RegExp`, where it is made at run time. */
  readonly text: string
  readonly made: boolean
}

/** Every regular expression of a source file, by its syntax tree. */
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

/** A literal as the engine has it. */
export function compiledLiteral(text: string): RegExp {
  const end = text.lastIndexOf("/")
  return new RegExp(text.slice(1, end), text.slice(end + 1))
}

/** Whether a pattern repeats anything without end: without that, a place in a text costs it no more than the pattern is long. */
export function repeats({ source }: RegExp): boolean {
  const plain = source.replace(/\\./gs, "x").replace(/\[[^\]]*\]/g, "x")
  return /[*+]|\{\d+,\}/.test(plain)
}
