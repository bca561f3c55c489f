import ts from "typescript"

/** One module that a source file imports. */
export interface Import {
  readonly specifier: string
  /**
   * `"type"` is gone at run time, `"lazy"` is loaded by `import()` when it is needed, and `"value"` is loaded with the file. `import { type A }
   * from "x"` is a value, because it still loads x under verbatimModuleSyntax.
   */
  readonly kind: "value" | "type" | "lazy"
  /** The imported names, as the other module calls them. */
  readonly names: readonly string[]
}

/** Every module that a TypeScript source imports, in any syntax. */
export function readImports(path: string, text: string): Import[] {
  const imports: Import[] = []
  const add = (specifier: ts.Node | undefined, kind: Import["kind"], names: readonly string[] = []) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) imports.push({ specifier: specifier.text, kind, names })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings
      const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements.map(originalName) : []
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "value", names)
    } else if (ts.isExportDeclaration(node)) {
      const names =
        node.exportClause !== undefined && ts.isNamedExports(node.exportClause) ? node.exportClause.elements.map(originalName) : []
      add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value", names)
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, "type")
    } else if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], "lazy")
      else if (ts.isIdentifier(node.expression) && node.expression.text === "require") add(node.arguments[0], "value")
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
  return imports
}

function originalName(element: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text
}
