import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { env } from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { JsonValue } from "../../src/model/json-value.ts"
import { type StandIn, whyNoStandIn } from "../aws/stand-in.ts"

const shared = fileURLToPath(new URL("../../examples/lambda", import.meta.url))
const run = promisify(execFile)

/** A copy of examples/lambda/terraform, ready to plan and apply against the stand-in for AWS. */
export interface Terraform extends AsyncDisposable {
  /** Where the copy is; Terraform keeps its state there. */
  readonly folder: string
  /** The folder that the zips of the functions are in; it is empty at first. */
  readonly zips: string
  /** Sets the variables of the commands that follow, in place of those before. */
  variables(values: { readonly [name: string]: JsonValue }): Promise<void>
  /** Runs a command of Terraform and returns what it prints. */
  run(...words: readonly string[]): Promise<string>
}

/** Why Terraform cannot run against a stand-in for AWS here, or undefined if it can. */
export async function whyNoTerraform(): Promise<string | undefined> {
  const reason = await whyNoStandIn()
  if (reason !== undefined) return reason
  const folder = await mkdtemp(join(tmpdir(), "rowgate-terraform-"))
  try {
    await copyFile(join(shared, "terraform/versions.tf"), join(folder, "versions.tf"))
    await terraform(folder, ["init", "-backend=false"])
    return undefined
  } catch (error) {
    const said = error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : ""
    return `terraform with an AWS provider does not run: ${said || String(error)}`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Copies the configuration and the files that it reads, and initializes it. */
export async function openTerraform({ client }: StandIn): Promise<Terraform> {
  const root = await mkdtemp(join(tmpdir(), "rowgate-terraform-"))
  const folder = join(root, "terraform")
  const zips = join(root, "zips")
  await mkdir(zips)
  await cp(join(shared, "terraform"), folder, { recursive: true, filter: (path) => !path.includes(".terraform") })
  for (const name of await readdir(shared)) if (name.endsWith(".json")) await copyFile(join(shared, name), join(root, name))
  const { accessKeyId, secretAccessKey } = client.credentials
  const access = { AWS_ENDPOINT_URL: client.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  // The provider knows no proxy or certificate for the stand-in, which speaks HTTP.
  const variables = { AWS_CA_BUNDLE: "", TF_VAR_region: client.region, TF_VAR_zips: zips }
  await terraform(folder, ["init"])
  return {
    folder,
    zips,
    variables: (values) => writeFile(join(folder, "terraform.tfvars.json"), JSON.stringify(values)),
    run: (...words) => terraform(folder, words, { ...access, ...variables }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

async function terraform(folder: string, words: readonly string[], variables: { readonly [name: string]: string } = {}): Promise<string> {
  // It finds a provider that is already on the machine.
  const offline = join(env["ROWGATE_AWS_STANDIN"] ?? "", "terraform-offline")
  const command = existsSync(offline) ? offline : "terraform"
  const { PATH, HOME, TMPDIR } = env
  const { stdout } = await run(command, words, {
    cwd: folder,
    maxBuffer: 100 * 1024 * 1024,
    env: { PATH, HOME, TMPDIR, TF_IN_AUTOMATION: "1", TF_INPUT: "0", TF_CLI_ARGS: "-no-color", CHECKPOINT_DISABLE: "1", ...variables },
  })
  return stdout
}
