import { execFile, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { env, execPath } from "node:process"
import { text } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import { freePort } from "../free-port.ts"

/** A server that stands in for AWS: S3, Lambda and Step Functions on this machine. */
export interface StandIn extends AsyncDisposable {
  /** What clients of the SDK need to use it. */
  readonly client: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
}

/** Why there is no stand-in on this machine, or undefined if there is one. `ROWGATE_AWS_STANDIN` names its folder; its server needs Python with moto. */
export async function whyNoStandIn(): Promise<string | undefined> {
  const folder = env["ROWGATE_AWS_STANDIN"]
  if (folder === undefined || folder === "") return "ROWGATE_AWS_STANDIN names no folder with a server that stands in for AWS"
  if (!existsSync(join(folder, "moto_node.py"))) return `${folder} has no moto_node.py`
  try {
    await promisify(execFile)("python3", ["-c", "import moto.stepfunctions, flask"])
    return undefined
  } catch {
    return "python3 with moto is not installed"
  }
}

export async function startStandIn(): Promise<StandIn> {
  const port = await freePort()
  const { PATH, HOME, TMPDIR } = env
  const server = spawn("python3", [join(env["ROWGATE_AWS_STANDIN"] ?? "", "moto_node.py"), "-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...{ PATH, HOME, TMPDIR, NODE_BIN: execPath, LAMBDA_CONCURRENCY: "4" },
      ...{ AWS_CA_BUNDLE: "", MOTO_IAM_LOAD_MANAGED_POLICIES: "true", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    },
  })
  const said = text(server.stderr)
  const endpoint = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await answers(endpoint)); tries++) {
    if (server.exitCode !== null || tries > 240) throw new Error(`The stand-in for AWS does not answer: ${server.kill() && (await said)}`)
    await sleep(250)
  }
  return {
    client: { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } },
    async [Symbol.asyncDispose]() {
      server.kill()
      await said
    },
  }
}

async function answers(endpoint: string): Promise<boolean> {
  return await fetch(`${endpoint}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  )
}
