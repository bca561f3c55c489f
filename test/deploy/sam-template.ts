import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { JsonValue } from "../../src/model/json-value.ts"

const run = promisify(execFile)

export const samFile = fileURLToPath(new URL("../../examples/lambda/sam/template.yaml", import.meta.url))

/** A template of CloudFormation. */
export interface Template {
  readonly Resources: { readonly [id: string]: TemplateResource }
  readonly Parameters?: { readonly [name: string]: { readonly [field: string]: JsonValue } }
  readonly Conditions?: { readonly [name: string]: JsonValue }
}

export interface TemplateResource {
  readonly Type: string
  readonly Properties: { readonly [name: string]: JsonValue }
  readonly DeletionPolicy?: string
  readonly DependsOn?: string | readonly string[]
}

/** Why the SAM template cannot be checked on this machine, or undefined if it can. */
export async function whyNoSam(): Promise<string | undefined> {
  try {
    await run("python3", ["-c", "import cfnlint, samtranslator"])
    return undefined
  } catch {
    return "python3 with cfn-lint is not installed"
  }
}

/** The SAM template as CloudFormation deploys it. The state machine's definition is in it, with its placeholders; the code of the functions is not. */
export async function samTemplate(): Promise<Template> {
  const { stdout } = await run("python3", ["-c", transform, samFile], {
    env: { ...process.env, AWS_DEFAULT_REGION: "us-east-1" },
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}

/** The translator takes files from S3 only, so it gets the definition itself. */
const transform = `
import json, pathlib, sys
import cfnlint.decode
from cfnlint.template.transforms._sam import Transform

file = sys.argv[1]
template, problems = cfnlint.decode.decode(file)
if problems:
    sys.exit(str(problems))
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::StateMachine":
        path = pathlib.Path(file).parent / resource["Properties"].pop("DefinitionUri")
        resource["Properties"]["Definition"] = json.loads(path.read_text())
transform = Transform(file, template, "us-east-1")
problems = transform.transform_template()
if problems:
    sys.exit("\\n".join(problem.message for problem in problems))
print(json.dumps(transform.template()))
`
