import type { CompletedCommand } from "./completed-command.ts"

/** The completion of fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): readonly string[] {
  return [
    "# Completion of rowgate for fish. Write it to ~/.config/fish/completions/rowgate.fish:",
    "#   rowgate completion fish > ~/.config/fish/completions/rowgate.fish",
    "complete -c rowgate -f",
    ...commands.flatMap(({ name, about, options, operands }) => {
      const within = `complete -c rowgate -n '__fish_seen_subcommand_from ${name}'`
      const words = operands === "files" ? [`${within} -F`] : operands.length === 0 ? [] : [`${within} -a ${quoted(operands.join(" "))}`]
      return [
        `complete -c rowgate -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
        ...words,
        ...options.map((option) => {
          const { value } = option
          const takes = value === undefined ? "" : value === "files" ? " -r -F" : ` -x -a ${quoted(value.join(" "))}`
          return `${within} -l ${option.name}${takes} -d ${quoted(option.about)}`
        }),
      ]
    }),
  ]
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`
}
