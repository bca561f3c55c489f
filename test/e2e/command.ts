import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { type Compiled, compiled } from "../compiled.ts"

/** How a call of the command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Options of one call. */
export interface CallOptions {
  readonly cwd: string
  /** Added to an environment without any of rowgate's variables. */
  readonly env?: { readonly [name: string]: string } | undefined
  /** Called for each piece of the process's stderr, with a function that sends the process a signal. */
  readonly onStderr?: ((text: string, kill: (signal: NodeJS.Signals) => void) => void) | undefined
}

/** The `rowgate` command, compiled like the build, in separate processes. */
export class Rowgate {
  readonly #compiled: Compiled

  private constructor(faces: Compiled) {
    this.#compiled = faces
  }

  static async compile(): Promise<Rowgate> {
    return new Rowgate(await compiled({ bin: "src/bin.ts", index: "src/index.ts", cli: "src/cli.ts" }))
  }

  /** The path of a compiled entry point, for the modules of a test to import. */
  face(name: "bin" | "index" | "cli"): string {
    return this.#compiled.file(name)
  }

  async call(args: readonly string[], { cwd, env = {}, onStderr }: CallOptions): Promise<Ended> {
    const child = spawn(process.execPath, [this.face("bin"), ...args], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: cwd, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    })
    child.stderr.on("data", (piece: Buffer) => onStderr?.(piece.toString(), (signal) => child.kill(signal)))
    const ended = once(child, "exit")
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await ended
    return { code, stdout, stderr }
  }
}
