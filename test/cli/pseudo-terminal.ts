import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"

/** Runs a command in a pseudo-terminal: argv[1] and argv[2] are its size. Lines of JSON on stdin send keys or change the size. */
const driver = `
import fcntl, json, os, pty, select, struct, sys, termios
rows, columns = int(sys.argv[1]), int(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
def resize(rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
resize(rows, columns)
waiting = b""
streams = [terminal, 0]
while True:
    ready, _, _ = select.select(streams, [], [])
    if terminal in ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            streams.remove(0)
        waiting += data
        while b"\\n" in waiting:
            line, waiting = waiting.split(b"\\n", 1)
            step = json.loads(line)
            if "keys" in step:
                os.write(terminal, step["keys"].encode())
            else:
                resize(step["rows"], step["columns"])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
`

/** What can be done with a command while it runs. */
export interface TerminalKeys {
  type(keys: string): void
  resize(rows: number, columns: number): void
}

/** Options of one command in a terminal. */
export interface TerminalOptions {
  readonly cwd: string
  readonly columns?: number
  readonly env?: { readonly [name: string]: string }
  /** Called with all that was shown so far, whenever there is more. */
  readonly onOutput?: (shown: string, keys: TerminalKeys) => void
}

/** Why no pseudo-terminal can be opened here. Undefined if one can. */
export const noTerminal: string | undefined =
  process.platform === "win32"
    ? "Windows has no pty"
    : spawnSync("python3", ["-c", "import os, pty; os.waitstatus_to_exitcode"]).status === 0
      ? undefined
      : "python3 is absent or older than 3.9"

/** Runs a command line in a pseudo-terminal of 24 rows, and resolves with all that it showed and its exit code (256 minus the signal, if one ended it). */
export async function inTerminal(
  argv: readonly string[],
  { cwd, columns = 80, env = {}, onOutput }: TerminalOptions,
): Promise<{ readonly code: number | null; readonly shown: string }> {
  const child = spawn("python3", ["-c", driver, "24", String(columns), ...argv], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, TERM: "xterm", LANG: "C.UTF-8", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  })
  const step = (what: object) => void child.stdin.write(`${JSON.stringify(what)}\n`)
  const keys: TerminalKeys = { type: (text) => step({ keys: text }), resize: (rows, width) => step({ rows, columns: width }) }
  let shown = ""
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    shown += piece
    onOutput?.(shown, keys)
  })
  const [code] = await once(child, "close")
  return { code, shown }
}
