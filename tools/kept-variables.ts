import { readFile, rm, writeFile } from "node:fs/promises"
import { kill, pid } from "node:process"

/** The file with the variables of servers that `npm run local:aws -- --keep` keeps, for other runs. Only one process at a time has it. */
export class KeptVariables {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Takes the file for this process. Throws if a process that still runs has it; one that was killed has left it behind. */
  static async take(path: string): Promise<KeptVariables> {
    const [, other] = /^# process (\d+)$/m.exec(await readFile(path, "utf8").catch(() => "")) ?? []
    if (other !== undefined && runs(Number(other))) {
      throw new Error(`The process ${other} keeps servers already. Deliver to them with --env instead of --keep, or stop that process.`)
    }
    await rm(path, { force: true })
    const kept = new KeptVariables(path)
    // If two processes get here at once, the second one fails.
    await kept.#write("wx", "")
    return kept
  }

  async write(variables: { readonly [name: string]: string }): Promise<void> {
    await this.#write("w", ...Object.entries(variables).map(([name, value]) => `${name}=${value}\n`))
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }

  async #write(flag: "w" | "wx", ...lines: readonly string[]): Promise<void> {
    await writeFile(this.#path, `# process ${pid}\n${lines.join("")}`, { mode: 0o600, flag })
  }
}

function runs(process: number): boolean {
  try {
    return kill(process, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
