import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"

/** A code of an issue or a notice, and where the sources write it. */
export interface CodeInSource {
  readonly code: string
  readonly file: string
}

/** The folders that work on rows and tables. */
const rooms = [
  "model",
  "cells",
  "binding",
  "sources",
  "parsers",
  "normalize",
  "validate",
  "checks",
  "score",
  "sinks",
  "postgres",
  "pipeline",
]
const issueCode = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9_]*)?$/
const familyCode = /^[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9_]*$/

/**
 * Every literal that the sources use as the code of an issue or notice: the value of a property `code`, or the second argument of a call whose
 * name says that a row fails.
 */
export function codesInSource(root: string): CodeInSource[] {
  return fromEveryFile(root, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code") return literals(node.initializer)
    return ts.isCallExpression(node) && /fail$/i.test(node.expression.getText()) ? literals(node.arguments[1]) : []
  }).filter(({ code }) => issueCode.test(code))
}

/** Every literal of the form `family.name`, except the names of rules. */
export function textsInSource(root: string): CodeInSource[] {
  return fromEveryFile(root, (node) => (ts.isStringLiteral(node) && !namesRule(node) ? [node.text] : [])).filter(({ code }) =>
    familyCode.test(code),
  )
}

function namesRule({ parent }: ts.Node): boolean {
  return ts.isPropertyAssignment(parent) && parent.name.getText() === "rule"
}

function fromEveryFile(root: string, textsOf: (node: ts.Node) => readonly string[]): CodeInSource[] {
  return rooms.flatMap((room) =>
    readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const found = new Set<string>()
        const visit = (node: ts.Node): void => {
          for (const text of textsOf(node)) found.add(text)
          node.forEachChild(visit)
        }
        visit(ts.createSourceFile(name, readFileSync(join(root, "src", room, name), "utf8"), ts.ScriptTarget.ES2023, true))
        return [...found].map((code) => ({ code, file: `src/${room}/${name}` }))
      }),
  )
}

/** The possible texts of an expression, as far as they are written in it. */
function literals(expression: ts.Expression | undefined): string[] {
  if (expression === undefined) return []
  if (ts.isStringLiteral(expression)) return [expression.text]
  if (ts.isConditionalExpression(expression)) return [...literals(expression.whenTrue), ...literals(expression.whenFalse)]
  if (ts.isParenthesizedExpression(expression)) return literals(expression.expression)
  return []
}
