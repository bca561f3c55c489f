import { didYouMean } from "../arguments.ts"
import type { Command } from "../command.ts"
import { bashCompletion } from "../completion/bash-completion.ts"
import { completedCommands } from "../completion/completed-command.ts"
import { fishCompletion } from "../completion/fish-completion.ts"
import { zshCompletion } from "../completion/zsh-completion.ts"
import { exitCode } from "../exit-code.ts"
import { usageError } from "../usage-error.ts"

const shells = ["bash", "zsh", "fish"] as const
const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** `rowgate completion SHELL` */
export const completion: Command = {
  name: "completion",
  operands: shells.join("|"),
  operandValues: shells,
  about: "Prints a script that completes commands, options, values and names of files in your shell.",
  options: {},
  examples: [
    ["completion bash >> ~/.bashrc", "completes in each new bash"],
    ["completion zsh >> ~/.zshrc", "completes in each new zsh; it must stand below compinit"],
    ["completion fish > ~/.config/fish/completions/rowgate.fish", "completes in fish"],
  ],
  async run({ args, io, commands }) {
    const [given, ...others] = args.operands
    const shell = shells.find((each) => each === given)
    if (given === undefined || others.length > 0) throw usageError(`Name one shell: ${shells.join(", ")}.`, "completion")
    if (shell === undefined)
      throw usageError(`rowgate has no completion for ${given}, only for ${shells.join(", ")}.${didYouMean(given, shells)}`, "completion")
    await io.stdout.lines(scripts[shell](completedCommands(commands)))
    return exitCode.ok
  },
}
