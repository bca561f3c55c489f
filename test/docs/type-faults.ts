import { join } from "node:path"
import ts from "typescript"

/** The compiler's errors in some files under the project's own settings, as `file:line: message`. */
export function typeFaults(root: string, files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ["src/*.d.ts"] }, ts.sys, root)
  // An example may show a value that nothing uses, and is a module even if it imports nothing.
  const lenient = { ...options, noUnusedLocals: false, noUnusedParameters: false, moduleDetection: ts.ModuleDetectionKind.Force }
  const program = ts.createProgram([...files, join(root, "src/sql.d.ts")], lenient)
  const sources = files.flatMap((file) => program.getSourceFile(file) ?? [])
  const diagnostics = sources.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
  return diagnostics.map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, "\n")
    if (file === undefined || start === undefined) return message
    return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`
  })
}
