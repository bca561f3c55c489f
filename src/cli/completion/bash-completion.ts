import type { CompletedCommand } from "./completed-command.ts"

/** The completion of bash, from 3.2. Where the function gives no word, readline completes names of files. */
export function bashCompletion(commands: readonly CompletedCommand[]): readonly string[] {
  const words = (names: readonly string[]) => `COMPREPLY=($(compgen -W "${names.join(" ")}" -- "$cur"))`
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      if (option.value === undefined) return []
      const answer = option.value === "files" || option.value.length === 0 ? "" : `${words(option.value)}; `
      return [`    "${name} --${option.name}") ${answer}return ;;`]
    }),
  )
  return [
    "# Completion of rowgate for bash. Add this line to ~/.bashrc:",
    '#   eval "$(rowgate completion bash)"',
    "_rowgate() {",
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"`,
    "  COMPREPLY=()",
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    ${words([...commands.map(({ name }) => name), "--help", "--version"])}`,
    "    return",
    "  fi",
    `  case "\${COMP_WORDS[1]} $prev" in`,
    ...values,
    "  esac",
    `  case "\${COMP_WORDS[1]}" in`,
    ...commands.map(({ name, options, operands }) => {
      const others = operands === "files" || operands.length === 0 ? "" : ` else ${words(operands)};`
      const flags = options.map((option) => `--${option.name}`)
      return `    ${name}) if [ "\${cur#-}" != "$cur" ]; then ${words(flags)};${others} fi ;;`
    }),
    "  esac",
    "}",
    "complete -o default -F _rowgate rowgate",
  ]
}
