import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { chmod, copyFile, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { env } from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda"
import { zipSync } from "fflate"
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest"
import { createRole } from "../aws/deployment.ts"
import { type StandIn, startStandIn, whyNoStandIn } from "../aws/stand-in.ts"

interface Ended {
  readonly code: number
  readonly output: string
}

const lambdaFolder = fileURLToPath(new URL("../../examples/lambda", import.meta.url))
const names = ["parser", "loader"] as const
type Name = (typeof names)[number]

const reason = (await whyNoStandIn()) ?? (await whyNoCli())
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("a stand-in for AWS takes the code of the functions", ({ skip }) => skip(reason))
} else {
  describe("deploy-lambdas.sh", () => {
    let standIn: StandIn
    let lambda: LambdaClient
    let role: string
    /** A checkout with two functions. Its build copies the archives that `willBuild` wrote. */
    let checkout: string
    let prefix = ""
    let count = 0

    beforeAll(async () => {
      standIn = await startStandIn()
      lambda = new LambdaClient(standIn.client)
      role = await createRole(standIn.client.endpoint)
      checkout = await mkdtemp(join(inject("compiledFolder"), "checkout-"))
      for (const folder of ["examples/lambda/scripts", "dist-lambda", "built", "bin"])
        await mkdir(join(checkout, folder), { recursive: true })
      await copyFile(join(lambdaFolder, "scripts/deploy-lambdas.sh"), join(checkout, "examples/lambda/scripts/deploy-lambdas.sh"))
      await writeFile(
        join(checkout, "examples/lambda/settings.json"),
        JSON.stringify({ functions: Object.fromEntries(names.map((name) => [name, {}])) }),
      )
      await writeFile(join(checkout, "package.json"), JSON.stringify({ scripts: { "build:lambda": "cp built/* dist-lambda" } }))
    })

    afterAll(async () => {
      await standIn?.[Symbol.asyncDispose]()
    })

    beforeEach(async () => {
      prefix = `deploy${++count}`
      for (const name of names) {
        await willBuild(name, "old")
        await createFunction(name)
      }
    })

    async function createFunction(name: Name): Promise<void> {
      const { Version } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: `${prefix}-${name}`,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Role: role,
          Code: { ZipFile: await readFile(join(checkout, `built/${name}.zip`)) },
          Publish: true,
        }),
      )
      await lambda.send(new CreateAliasCommand({ FunctionName: `${prefix}-${name}`, Name: "live", FunctionVersion: Version }))
    }

    async function willBuild(name: Name, answer: string): Promise<void> {
      await writeFile(join(checkout, `built/${name}.zip`), archive(name, answer))
    }

    /** Runs the script. Calls of the AWS CLI with all of these words fail. */
    async function deploy(
      args: readonly string[],
      failing: readonly string[] = [],
      path = `${join(checkout, "bin")}:${env["PATH"]}`,
    ): Promise<Ended> {
      const conditions = failing.map((word) => `[[ " $* " == *" ${word} "* ]]`).join(" && ")
      const fails = failing.length === 0 ? "" : `if ${conditions}; then echo "An error occurred (ServiceException)" >&2; exit 254; fi\n`
      await writeFile(join(checkout, "bin/aws"), `#!/usr/bin/env bash\nPATH=\${PATH#*:}\n${fails}exec aws "$@"\n`)
      await chmod(join(checkout, "bin/aws"), 0o755)
      const { endpoint, region, credentials } = standIn.client
      const environment = {
        ...env,
        PATH: path,
        AWS_ENDPOINT_URL: endpoint,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      }
      return await new Promise((resolve) => {
        const script = join(checkout, "examples/lambda/scripts/deploy-lambdas.sh")
        execFile("bash", [script, "--prefix", prefix, ...args], { env: environment }, (error, stdout, stderr) => {
          resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
        })
      })
    }

    /** A folder with these commands and no others. */
    async function onlyWith(...commands: readonly string[]): Promise<string> {
      const folder = await mkdtemp(join(inject("compiledFolder"), "commands-"))
      for (const command of commands) {
        const { stdout } = await promisify(execFile)("bash", ["-c", `command -v ${command}`])
        await symlink(stdout.trim(), join(folder, command))
      }
      return folder
    }

    /** Which code the alias of each function has, and of which version. */
    async function live(): Promise<readonly string[]> {
      return await Promise.all(
        names.map(async (name) => {
          const of = { FunctionName: `${prefix}-${name}`, Qualifier: "live" }
          const { CodeSha256, Version } = await lambda.send(new GetFunctionConfigurationCommand(of))
          const code = ["old", "new"].find((answer) => createHash("sha256").update(archive(name, answer)).digest("base64") === CodeSha256)
          return `${code} ${name} ${Version}`
        }),
      )
    }

    async function versions(name: Name): Promise<number> {
      const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: `${prefix}-${name}` }))
      return Versions.filter(({ Version }) => Version !== "$LATEST").length
    }

    test("it builds, and deploys the functions whose code has changed", async () => {
      await willBuild("parser", "new")
      const { code, output } = await deploy([])
      expect(code, output).toBe(0)
      expect(output).toContain("loader: unchanged, version 1")
      expect(output).toContain(`parser: alias "live" moved from version 1 to 2`)
      expect(output).toContain("Deployed 1 of 2 functions.")
      expect(await live()).toEqual(["new parser 2", "old loader 1"])
      expect((await deploy([])).output).toContain("Nothing to deploy.")
    })

    test("a function that is named is deployed alone", async () => {
      for (const name of names) await willBuild(name, "new")
      const { code, output } = await deploy(["loader"])
      expect(code, output).toBe(0)
      expect(await live()).toEqual(["old parser 1", "new loader 2"])
    })

    test("a dry run says what would change, and changes nothing", async () => {
      await willBuild("loader", "new")
      const { code, output } = await deploy(["--dry-run"])
      expect(code, output).toBe(0)
      expect(output).toContain("loader: version 1 has other code")
      expect(output).toContain("Dry run: nothing was changed.")
      expect(await versions("loader")).toBe(1)
      expect(await live()).toEqual(["old parser 1", "old loader 1"])
    })

    test("an update that fails leaves every alias where it was, and the next run completes the deployment", async () => {
      for (const name of names) await willBuild(name, "new")
      const { code, output } = await deploy([], ["update-function-code", `${prefix}-loader`])
      expect(code).not.toBe(0)
      expect(output).toContain("An error occurred (ServiceException)")
      expect(output).toContain("No alias has moved, so all executions still run the old code.")
      expect(await versions("parser")).toBe(2)
      expect(await live()).toEqual(["old parser 1", "old loader 1"])
      expect(await deploy([])).toMatchObject({ code: 0 })
      expect((await live()).map((each) => each.slice(0, -2))).toEqual(["new parser", "new loader"])
    })

    test("if it stops between two aliases, it prints the commands that finish or undo the deployment", async () => {
      for (const name of names) await willBuild(name, "new")
      const { code, output } = await deploy([], ["update-alias", `${prefix}-loader`])
      expect(code).not.toBe(0)
      expect(output).toContain("STOPPED after 1 of 2 aliases.")
      expect(await live()).toEqual(["new parser 2", "old loader 1"])
      const [finish = "", back = ""] = output.split("To finish, run:")[1]?.split("Or, to go back, run:") ?? []
      const command = (name: Name, version: number) =>
        `\n  aws lambda update-alias --function-name ${prefix}-${name} --name live --function-version ${version}\n`
      expect(finish).toBe(command("loader", 2))
      expect(back).toBe(command("parser", 1))
    })

    test("a function without the alias stops it before anything is changed", async () => {
      for (const name of names) await willBuild(name, "new")
      prefix = `${prefix}-other`
      const { code, output } = await deploy(["parser"])
      expect(code).toBe(1)
      expect(output).toContain(`The function ${prefix}-parser or its alias "live" is missing`)
      expect(output).toContain("STOPPED before anything was changed.")
    })

    test("a function that is named twice is deployed once", async () => {
      await willBuild("parser", "new")
      const { code, output } = await deploy(["parser", "parser"])
      expect(code, output).toBe(0)
      expect(output).toContain("Deployed 1 of 1 functions.")
      expect(await versions("parser")).toBe(2)
    })

    test("an option in place of a prefix is refused", async () => {
      const { code, output } = await deploy(["--prefix", "--dry-run"])
      expect(code).toBe(2)
      expect(output).toContain("--prefix needs a value of letters, digits, hyphens and underscores, such as --prefix orders.")
    })

    test("a missing AWS CLI is found before the build", async () => {
      await willBuild("parser", "new")
      const { code, output } = await deploy([], [], await onlyWith("bash", "node", "npm", "dirname"))
      expect(code).toBe(1)
      expect(output).toBe("The command aws is missing. Install it, and run the script again.\n")
    })

    test.each([
      ["empty", () => new Uint8Array()],
      ["cut off", (whole: Uint8Array) => whole.subarray(0, -10)],
      ["without its middle", (whole: Uint8Array) => Buffer.concat([whole.subarray(0, 40), whole.subarray(60)])],
      ["of another format", () => Buffer.from("<html>".repeat(30))],
    ])("an archive that is %s is refused before anything is changed", async (_how, damage) => {
      await willBuild("loader", "new")
      await writeFile(join(checkout, "built/parser.zip"), damage(archive("parser", "new")))
      const { code, output } = await deploy([])
      expect(code).toBe(1)
      expect(output).toContain("dist-lambda/parser.zip is not a complete zip archive. Run npm run build:lambda.")
      expect(output).toContain("STOPPED before anything was changed.")
      expect(await versions("loader")).toBe(1)
    })

    test("a name that is no function is refused, with those that are", async () => {
      const { code, output } = await deploy(["parsre"])
      expect(code).toBe(2)
      expect(output).toContain("There is no function parsre. The functions are: parser loader")
    })
  })
}

/** A function that gives an answer. */
function archive(name: Name, answer: string): Uint8Array {
  const source = Buffer.from(`export const handler = async () => ${JSON.stringify(`${answer} ${name}`)}`)
  return zipSync({ "index.mjs": source }, { mtime: new Date(1980, 0, 1) })
}

async function whyNoCli(): Promise<string | undefined> {
  return await new Promise((resolve) =>
    execFile("aws", ["--version"], (error) => resolve(error === null ? undefined : "the AWS CLI is not installed")),
  )
}
