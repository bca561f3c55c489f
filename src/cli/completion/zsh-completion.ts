import type { CompletedCommand, CompletedOption } from "./completed-command.ts"

/** The completion of zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): readonly string[] {
  return [
    "#compdef rowgate",
    "# Completion of rowgate for zsh. Add this line to ~/.zshrc, below compinit:",
    '#   eval "$(rowgate completion zsh)"',
    "_rowgate() {",
    "  local -a commands",
    "  commands=(",
    ...commands.map(({ name, about }) => `    ${quoted(`${name}:${about.replaceAll(":", "\\:")}`)}`),
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe command commands",
    "    return",
    "  fi",
    "  local name=$words[2]",
    "  shift words",
    "  (( CURRENT-- ))",
    "  case $name in",
    ...commands.flatMap(({ name, options, operands }) => [
      `    ${name})`,
      "      _arguments \\",
      ...options.map((option) => `        ${quoted(optionSpec(option))} \\`),
      `        ${quoted(operands === "files" ? "*:file:_files" : `*:word:(${operands.join(" ")})`)}`,
      "      ;;",
    ]),
    "  esac",
    "}",
    "compdef _rowgate rowgate",
  ]
}

function optionSpec({ name, about, value }: CompletedOption): string {
  const spec = `--${name}[${about.replace(/[[\]\\:]/g, "\\$&")}]`
  if (value === undefined) return spec
  return value === "files" ? `${spec}:file:_files` : `${spec}:value:(${value.join(" ")})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
