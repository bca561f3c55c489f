import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const run = promisify(execFile)

/** Whether a command is on this machine. */
async function has(command: string, ...args: readonly string[]): Promise<boolean> {
  return await run(command, args).then(
    () => true,
    () => false,
  )
}

const scripts = [
  ".ci/run",
  ...readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sh") && !path.includes("node_modules"))
    .map((path) => `examples/${path}`),
]

test("every script passes shellcheck", async ({ skip }) => {
  if (!(await has("shellcheck", "--version"))) {
    console.log("skipped: shellcheck is not installed")
    skip("shellcheck is not installed")
  }
  expect(scripts).toContain("examples/lambda/scripts/deploy-lambdas.sh")
  await expect(run("shellcheck", scripts, { cwd: root })).resolves.toMatchObject({ stdout: "" })
})

test("every script can be run, and stops at an error that nothing expects", () => {
  for (const script of scripts)
    expect(readFileSync(join(root, script), "utf8"), script).toMatch(/^#!\/usr\/bin\/env bash\n[\s\S]*\nset -e?uo pipefail\n/)
})

test("Docker reads compose.yaml", async ({ skip }) => {
  if (!(await has("docker", "compose", "version"))) {
    console.log("skipped: docker compose is not installed")
    skip("docker compose is not installed")
  }
  const { stdout } = await run("docker", ["compose", "-f", "examples/lambda/compose.yaml", "config", "--services"], { cwd: root })
  expect(stdout.trim().split("\n").sort()).toEqual(["localstack", "postgres"])
})
