import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** What the compiler says about each snippet under the project's settings: the lines of each fault. All compile in one program, which reads the types once. */
export function messagesOf(snippets: readonly string[]): string[][][] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ["src/*.d.ts"] }, ts.sys, root)
  const texts = new Map(snippets.map((snippet, at) => [join(root, `test/types/snippet-${at}.ts`), `export {}\n${snippet}`]))
  const settings = { ...options, noUnusedLocals: false, noUnusedParameters: false, noErrorTruncation: true }
  const host = ts.createCompilerHost(settings)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => texts.has(file) || fileExists.call(host, file)
  host.readFile = (file) => texts.get(file) ?? readFile.call(host, file)
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file)
    return text === undefined ? getSourceFile.call(host, file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  }
  const program = ts.createProgram([...texts.keys(), join(root, "src/sql.d.ts")], settings, host)
  return [...texts.keys()].map((file) => {
    const source = program.getSourceFile(file)
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n").split("\n"))
  })
}
