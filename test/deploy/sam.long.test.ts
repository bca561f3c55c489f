import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { resolveTemplate } from "./resolve-template.ts"
import { samFile, samTemplate, whyNoSam } from "./sam-template.ts"
import { valueAt } from "./value-at.ts"

const reason = await whyNoSam()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("the SAM template deploys the functions", ({ skip }) => skip(reason))
} else {
  describe("the SAM template", async () => {
    const template = await samTemplate()
    const { Resources: resources, Parameters: parameters = {} } = template
    const settings = JSON.parse(await readFile(new URL("../../examples/lambda/settings.json", import.meta.url), "utf8"))

    test("has no faults that cfn-lint knows", async () => {
      const linted = await promisify(execFile)("cfn-lint", ["--regions", "us-east-1", "eu-central-1", "--", samFile]).catch(
        (error) => error,
      )
      expect(linted.stdout).toBe("")
      expect(linted.code).toBeUndefined()
    })

    test("has the functions of settings.json, with their settings", () => {
      const functions = Object.values(resources).filter(({ Type }) => Type === "AWS::Lambda::Function")
      const described = functions.map(
        ({ Properties: { FunctionName, Runtime, Architectures, Handler, MemorySize, Timeout, EphemeralStorage } }) => {
          return { FunctionName, Runtime, Architectures, Handler, MemorySize, Timeout, EphemeralStorage }
        },
      )
      const {
        runtime: Runtime,
        architecture,
        handler: Handler,
        memoryMegabytes: MemorySize,
        timeoutSeconds: Timeout,
        temporaryMegabytes,
      } = settings
      const all = { Runtime, Architectures: [architecture], Handler, MemorySize, Timeout, EphemeralStorage: { Size: temporaryMegabytes } }
      const expected = Object.keys(settings.functions).map((name) => ({ FunctionName: { "Fn::Sub": `\${Name}-${name}` }, ...all }))
      expect(described.length).toBeGreaterThan(0)
      expect(described).toEqual(expected)
    })

    test("has an example configuration with every parameter that has no default, and with no unknown one", async () => {
      const example = await readFile(new URL("../../examples/lambda/sam/samconfig.toml.example", import.meta.url), "utf8")
      const given = [...example.matchAll(/^ {2}"(\w+)=[^" ]+",$/gm)].map(([, name = ""]) => name)
      const needed = Object.entries(parameters).filter(([, parameter]) => parameter["Default"] === undefined)
      expect(needed.length).toBeGreaterThan(0)
      expect(needed.map(([name]) => name).filter((name) => !given.includes(name))).toEqual([])
      expect(given.filter((name) => parameters[name] === undefined)).toEqual([])
    })

    test("leaves files where they arrive while the intake is off", () => {
      for (const [Intake, state] of [
        ["true", "ENABLED"],
        ["false", "DISABLED"],
      ] as const) {
        const resolved = Object.values(resolveTemplate(template, { Intake }))
        const started = resolved.filter(({ Type }) => Type === "AWS::Events::Rule" || Type === "AWS::Scheduler::Schedule")
        expect(started.map(({ Properties }) => Properties["State"])).toEqual([state, state])
      }
    })

    test("lets you choose the size of parts", () => {
      const resolved = resolveTemplate(template, { PartBytes: "16777216", DirectParts: "2" })
      const functions = Object.values(resolved).filter(({ Type }) => Type === "AWS::Lambda::Function")
      expect(functions.length).toBeGreaterThan(0)
      for (const { Properties } of functions)
        expect(valueAt(Properties, "Environment", "Variables")).toMatchObject({ PART_BYTES: "16777216", DIRECT_PARTS: "2" })
    })

    test("has no policies but those in the template", () => {
      const roles = Object.values(resources).filter(({ Type }) => Type === "AWS::IAM::Role")
      expect(roles).toHaveLength(Object.keys(settings.functions).length + 3)
      const attached = roles.flatMap(({ Properties }) => (Properties["ManagedPolicyArns"] as readonly JsonValue[] | undefined) ?? [])
      expect(new Set(attached.map((arn) => JSON.stringify(arn)))).toEqual(new Set(['{"Ref":"FunctionPolicy"}']))
    })

    test("executes the shipped state machine with the aliases of the functions", async () => {
      const machine = Object.values(resources).find(({ Type }) => Type === "AWS::StepFunctions::StateMachine")?.Properties
      const [separator, lines] = valueAt(machine, "DefinitionString", "Fn::Join") as readonly [string, readonly string[]]
      const shipped = await readFile(new URL("../../examples/lambda/state-machine.asl.json", import.meta.url), "utf8")
      expect(JSON.parse(lines.join(separator))).toEqual(JSON.parse(shipped))
      const placeholders = new Set([...shipped.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? ""))
      const substitutions = valueAt(machine, "DefinitionSubstitutions") as { readonly [name: string]: { readonly Ref: string } }
      expect(new Set(Object.keys(substitutions))).toEqual(placeholders)
      for (const [name, { Ref: alias }] of Object.entries(substitutions)) {
        expect(resources[alias]?.Type).toBe("AWS::Lambda::Alias")
        expect(`${alias.replace("Aliaslive", "")}FunctionArn`).toBe(name)
      }
    })
  })
}
