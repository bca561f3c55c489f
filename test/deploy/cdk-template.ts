import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { env, execPath } from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { strToU8, zipSync } from "fflate"
import type { JsonValue } from "../../src/model/json-value.ts"
import type { Template } from "./sam-template.ts"

const run = promisify(execFile)

export const cdkFolder = fileURLToPath(new URL("../../examples/lambda/cdk", import.meta.url))

/** Why the CDK stack cannot be checked on this machine, or undefined if it can. Installs what the stack needs. */
export async function whyNoCdk(): Promise<string | undefined> {
  const installed = join(cdkFolder, "node_modules")
  if (existsSync(installed)) return undefined
  // Test files run side by side: each installs in a folder of its own, and the first one moves its packages into place.
  const folder = await mkdtemp(join(cdkFolder, "cdk.out-"))
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) await copyFile(join(cdkFolder, file), join(folder, file))
    await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder })
    await rename(join(folder, "node_modules"), installed).catch((error) => {
      if (!existsSync(installed)) throw error
    })
    return undefined
  } catch (error) {
    return `The packages of examples/lambda/cdk cannot be installed: ${error instanceof Error ? error.message : error}`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What `cdk synth` gives, made without its CLI: it needs no account. The context overrides that of cdk.json. */
export async function cdkTemplate(context: { readonly [option: string]: JsonValue } = {}): Promise<Template> {
  const { context: usual } = JSON.parse(await readFile(join(cdkFolder, "cdk.json"), "utf8"))
  const folder = await mkdtemp(join(tmpdir(), "rowgate-cdk-"))
  try {
    await writeBundles(folder)
    await run(execPath, ["--import", "tsx", "bin/rowgate.ts"], {
      cwd: cdkFolder,
      env: { ...env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ ...usual, bundles: folder, ...context }) },
    })
    return JSON.parse(await readFile(join(folder, `${context["name"] ?? usual.name}.template.json`), "utf8"))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The template names a bundle by its hash and does not look inside. */
async function writeBundles(folder: string): Promise<void> {
  const { functions } = JSON.parse(await readFile(join(cdkFolder, "../settings.json"), "utf8"))
  for (const name of Object.keys(functions)) await writeFile(join(folder, `${name}.zip`), zipSync({ "index.mjs": strToU8(`// ${name}`) }))
}
