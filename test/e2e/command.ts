import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** How a call of the command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Options of one call. */
export interface CallOptions {
  readonly cwd: string
  /** Added to an environment in which none of rowgate's variables is set. */
  readonly env?: { readonly [name: string]: string } | undefined
  /** Called with a function that sends the process a signal, and with each piece of its stderr. */
  readonly onStderr?: ((text: string, kill: (signal: NodeJS.Signals) => void) => void) | undefined
}

/** The `rowgate` executable, compiled as the build compiles it, in processes of its own. */
export class Rowgate implements AsyncDisposable {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async compile(): Promise<Rowgate> {
    // Within node_modules, from where the packages resolve and no tool looks at it.
    await mkdir(join(root, "node_modules/.cache"), { recursive: true })
    const folder = await mkdtemp(join(root, "node_modules/.cache/rowgate-command-"))
    await build({
      entryPoints: { bin: join(root, "src/bin.ts"), index: join(root, "src/index.ts"), cli: join(root, "src/cli.ts") },
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      loader: { ".sql": "text" },
    })
    return new Rowgate(folder)
  }

  /** Path of a compiled face, for modules of a test to import. */
  face(name: "bin" | "index" | "cli"): string {
    return join(this.#folder, `${name}.mjs`)
  }

  async call(args: readonly string[], { cwd, env = {}, onStderr }: CallOptions): Promise<Ended> {
    const child = spawn(process.execPath, [join(this.#folder, "bin.mjs"), ...args], {
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

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }
}
