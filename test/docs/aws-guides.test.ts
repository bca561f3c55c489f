import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"

const root = new URL("../../", import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), "utf8")
const scriptsOf = (path: string) => Object.keys(JSON.parse(text(path)).scripts)
const allOf = (pattern: RegExp, ...paths: readonly string[]) =>
  paths.flatMap((path) => [...text(path).matchAll(pattern)].map(([, name = ""]) => name))

const guides = readdirSync(new URL("docs/aws", root)).map((name) => `docs/aws/${name}`)
const pages = [...guides, "docs/aws.md", "docs/aws-operations.md", "docs/migrations.md", "docs/security-checklist.md"]
const readmes = ["", "terraform/", "cdk/", "sam/"].map((folder) => `examples/lambda/${folder}README.md`)
const terraform = filesBelow("examples/lambda/terraform").filter((path) => path.endsWith(".tf"))
const stack = filesBelow("examples/lambda/cdk/lib")
const template = "examples/lambda/sam/template.yaml"

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
  return names.filter((name) => name.includes(".") && !name.includes(".terraform/")).map((name) => `${folder}/${name}`)
}

test("the map leads from each task to a file", () => {
  const page = text("docs/aws/README.md")
  const rows = page
    .slice(page.indexOf("## The map"))
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()))
  const tasks = [
    ...[
      "Prerequisites",
      "Local set-up",
      "Build",
      "Deploy with Terraform",
      "Deploy with the CDK",
      "Deploy with SAM",
      "Deploy all functions, or one",
    ],
    ...[
      "Unit tests",
      "Integration tests",
      "End-to-end tests",
      "Dashboards",
      "Alarms",
      "Logs",
      "Debug mode",
      "Concurrency",
      "Scaling of RDS",
    ],
    ...["time-out", "too many connections", "out of memory", "access denied"].map((symptom, at) => `Troubleshooting ${at + 1}: ${symptom}`),
    ...["encryption at rest", "encryption in transit", "secrets", "private subnets", "security groups", "least privilege"].map(security),
    ...["CloudTrail and flow logs", "GuardDuty and Security Hub"].map(security),
    ...["retention of logs, and no values of rows in them", "no public access, and backups"].map(security),
    ...["Backups", "Costs", "Lifecycle of objects"],
  ]
  // Whether the targets exist is a matter of the test of links.
  const mapped = rows
    .filter(([, , file = "", guide = ""]) => /\]\((?:\.\.\/|https:)/.test(file) && guide.includes("]("))
    .map(([, task]) => task)
  expect(mapped).toEqual(expect.arrayContaining(tasks))
})

function security(item: string): string {
  return `Security: ${item}`
}

/** What the guides name, by a pattern, and what there is. */
const named = {
  "npm scripts": [/npm (?:--prefix \S+ )?run ([\w:]+)/g, [...scriptsOf("package.json"), ...scriptsOf("examples/lambda/cdk/package.json")]],
  functions: [
    /(?:--function-name |\/aws\/lambda\/)rowgate-([a-z]+)/g,
    Object.keys(JSON.parse(text("examples/lambda/settings.json")).functions),
  ],
  "variables of Terraform": [
    /(?:-var |`|^)((?:alarm|database|deletion|disable|enable|flow|function|log|memory|provisioned|reserved|saved|security|timeout|vpc)_[a-z_]+|intake)(?:=|`| +=)/gm,
    // The page about costs has names of its own, and parameters of PostgreSQL look alike.
    [
      ...allOf(/^variable "(\w+)"/gm, "examples/lambda/terraform/variables.tf"),
      ...allOf(/^\| `(\w+)` \|/gm, "docs/aws/costs.md"),
      ...Object.keys(JSON.parse(text("examples/lambda/settings.json")).database.parameters),
    ],
  ],
  "outputs of Terraform": [/terraform output (?:-raw )?(\w+)/g, allOf(/^output "(\w+)"/gm, "examples/lambda/terraform/outputs.tf")],
  "resources of Terraform": [
    /terraform (?:state rm|import) (?:module\.\w+\.)?(\w+\.\w+)/g,
    terraform.flatMap((path) => [...text(path).matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`)),
  ],
  "options of the CDK": [
    /(?:-c |`")([a-z]\w+)(?:=|": (?:false|"|\{))/g,
    allOf(/^ {2}readonly (\w+):/gm, "examples/lambda/cdk/lib/options.ts"),
  ],
  "outputs of the stacks": [
    /\$\(name (\w+)\)/g,
    [...allOf(/new CfnOutput\(this, "(\w+)"/g, ...stack), ...allOf(/^ {2}(\w+):$/gm, template)],
  ],
  "parameters and statements of SAM": [
    /["`](Database(?!Connections)\w+|LogLevel|Name|Intake|PartBytes|DirectParts)(?:=\w+)?["`]/g,
    [...allOf(/^ {2}(\w+):$/gm, template), ...allOf(/- Sid: (\w+)$/gm, template)],
  ],
  "rules and state machines": [/(?:--name "|stateMachine:)\$NAME-([a-z-]+)"/g, ["object-created", "deliveries"]],
} satisfies { readonly [what: string]: readonly [RegExp, readonly string[]] }

describe("the guides name existing", () => {
  test.each(Object.entries(named))("%s", (_what, [pattern, existing]) => {
    const names = allOf(pattern, ...pages, ...readmes)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !existing.includes(name))).toEqual([])
  })
})

test("a setting turns the intake off, because a deployment would undo a command", () => {
  const guide = text("docs/aws/backup-and-restore.md")
  const [, steps = ""] = guide.split("### 1. Stop the intake")
  for (const setting of ["intake = false", `"intake": false`, `"Intake=false"`])
    expect(steps.split("### 2.")[0]).toContain(`\`${setting}\``)
  for (const page of guides) expect(text(page)).not.toMatch(/aws (?:events (?:dis|en)able-rule|lambda \S+-function-concurrency|scheduler )/)
})

test("options of the CDK that a later deployment needs are in cdk.json, not on the command line", () => {
  // One mention, which warns of it.
  expect(
    [...guides, ...readmes].flatMap((path) => [...text(path).matchAll(/-c [A-Za-z]+=/g)].map(([found]) => `${path} ${found}`)),
  ).toEqual(["docs/aws/deploy-with-cdk.md -c multiAz="])
})

test("the rules and the state machine have the names of the guides in every deployment", () => {
  for (const name of ["deliveries", "object-created"]) {
    expect(terraform.map(text).join()).toContain(`"\${var.name}-${name}"`)
    expect(stack.map(text).join()).toContain(`\`\${name}-${name}\``)
    expect(text(template)).toContain(`\${Name}-${name}`)
  }
})
