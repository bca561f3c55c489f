/** `npm run demo:messy`: loads twelve messy files, about which nobody has said anything, with the `rowgate` command. It writes to `.rowgate/messy`. */
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type CliIo, runCli } from "rowgate/cli"
import { messyFiles } from "../data/messy-files.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = join(root, ".rowgate/messy")
const { stdout, stderr } = process
const io: CliIo = { stdout, stderr, env: {}, cwd: folder }

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const { name, careful, bytes } of messyFiles) {
  await writeFile(join(folder, name), await bytes())
  stdout.write(`\n== ${name}: a careful person ${careful}\n$ rowgate ingest ${name} --to pglite:database\n\n`)
  await runCli(["ingest", name, "--no-config", "--to", "pglite:database"], io)
}
