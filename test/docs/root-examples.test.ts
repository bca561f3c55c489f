import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A value that a module exports: its public name, and where it is declared. */
interface Exported {
  readonly name: string
  readonly path: string
  readonly declared: string
}

/** The values that a module exports from elsewhere, and those of its namespaces. */
function exportedBy(path: string, prefix = ""): readonly Exported[] {
  return parsed(path)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ isTypeOnly, exportClause, moduleSpecifier }) => {
      if (isTypeOnly || exportClause === undefined || moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return []
      const from = join(dirname(path), moduleSpecifier.text)
      if (ts.isNamespaceExport(exportClause)) return exportedBy(from, `${exportClause.name.text}.`)
      return exportClause.elements
        .filter((element) => !element.isTypeOnly)
        .map(({ name, propertyName }) => ({ name: `${prefix}${name.text}`, path: from, declared: (propertyName ?? name).text }))
    })
}

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2023, true)
}

/** The example in the comment of a declaration; of an overloaded function, that of its first overload. */
function exampleOf({ path, declared }: Exported): string {
  const isNamed = (name: ts.Node | undefined) => name?.getText() === declared
  const declaration = parsed(path).statements.find(
    (statement) =>
      ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && isNamed(statement.name)) ||
      (ts.isVariableStatement(statement) && statement.declarationList.declarations.some(({ name }) => isNamed(name))),
  )
  if (declaration === undefined) throw new Error(`${path} does not declare ${declared}.`)
  const [comment] = ts.getJSDocCommentsAndTags(declaration)
  return comment?.getText().split("@example")[1] ?? ""
}

const values = exportedBy(join(root, "src/index.ts"))

test("the package has values to show, in namespaces too", () => {
  const names = values.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(["createPipeline", "RowgateError", "dimensions", "cell.decimal", "check.run", "stage.map"]))
})

// That each compiles and prints what it says is a matter of the test of examples.
test.each(values.map((value) => [value.name, value] as const))("the comment of %s has an example", (name, value) => {
  const example = exampleOf(value)
  expect(example).toMatch(/```ts (run|typecheck)\n/)
  expect(example).toContain(name)
})
