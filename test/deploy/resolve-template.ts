import type { JsonValue } from "../../src/model/json-value.ts"
import type { Template, TemplateResource } from "./sam-template.ts"

type Properties = TemplateResource["Properties"]

/** The account and the region of all templates and plans that tests compare. */
export const account = "123456789012"
export const region = "us-east-1"

const pseudoParameters: { readonly [name: string]: JsonValue } = {
  "AWS::Region": region,
  "AWS::AccountId": account,
  "AWS::Partition": "aws",
}

/** What CloudFormation would put in place of references: ARNs follow from names, and what AWS would choose reads `DatabaseInstance.DbiResourceId`. */
export function resolveTemplate(template: Template, parameters: { readonly [name: string]: JsonValue } = {}): Template["Resources"] {
  return Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [id, { ...resource, Properties: propertiesOf(resource.Properties) }]),
  )

  function propertiesOf(properties: Properties = {}): Properties {
    return Object.fromEntries(
      Object.entries(properties).flatMap(([name, value]) => {
        const resolved = resolve(value)
        return resolved === undefined ? [] : [[name, resolved]]
      }),
    )
  }

  function resolve(value: JsonValue): JsonValue | undefined {
    if (typeof value !== "object" || value === null) return value
    if (Array.isArray(value)) return value.map(resolve).filter((element) => element !== undefined)
    const [[name, argument] = ["", null], ...others] = Object.entries(value)
    if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) return call(name, argument)
    return propertiesOf(value as Properties)
  }

  function call(name: string, argument: JsonValue): JsonValue | undefined {
    if (name === "Ref") return reference(String(argument))
    if (name === "Fn::If") {
      const [condition, yes = null, no = null] = argument as readonly JsonValue[]
      return resolve(holds({ Condition: condition ?? null }) ? yes : no)
    }
    if (name === "Fn::Sub") return substitute(argument)
    const resolved = resolve(argument)
    if (name === "Fn::GetAtt") return attribute(...(Array.isArray(resolved) ? (resolved as [string, string]) : split(String(resolved))))
    if (name === "Fn::Join") return (resolved as [string, readonly string[]])[1].join((resolved as [string])[0])
    return `${name} ${JSON.stringify(resolved)}`
  }

  function substitute(argument: JsonValue): string {
    const [text, own = {}] = (Array.isArray(argument) ? argument : [argument]) as [string, { readonly [name: string]: JsonValue }?]
    return text.replace(/\$\{([\w:.]+)\}/g, (_, name: string) => {
      if (own[name] !== undefined) return String(resolve(own[name]))
      return String(name.includes(".") ? attribute(...split(name)) : reference(name))
    })
  }

  function holds(condition: JsonValue): boolean {
    const [[name, argument] = ["", null]] = Object.entries(condition as { readonly [name: string]: JsonValue })
    if (name === "Condition") return holds(template.Conditions?.[String(argument)] ?? {})
    if (name === "Fn::Not") return !holds((argument as readonly JsonValue[])[0] ?? {})
    if (name !== "Fn::Equals") throw new Error(`The tests do not know the condition ${name}.`)
    const [left, right] = (argument as readonly JsonValue[]).map((side) => resolve(side))
    return left === right
  }

  function reference(id: string): JsonValue | undefined {
    if (id === "AWS::NoValue") return undefined
    const known = pseudoParameters[id] ?? parameters[id] ?? template.Parameters?.[id]?.["Default"]
    if (known !== undefined) return known
    const resource = template.Resources[id]
    if (resource === undefined) return id
    if (
      resource.Type === "AWS::Lambda::Alias" ||
      resource.Type === "AWS::StepFunctions::StateMachine" ||
      resource.Type === "AWS::SNS::Topic"
    )
      return arnOf(id)
    return nameOf(id) ?? id
  }

  function attribute(id: string, name: string): string {
    if (name === "Arn") return arnOf(id)
    if (name === "Name" || name === "QueueName") return nameOf(id) ?? id
    return `${id}.${name}`
  }

  function nameOf(id: string): string | undefined {
    const { Type = "", Properties = {} } = template.Resources[id] ?? {}
    const property = nameProperties[Type]
    const value = property === undefined ? undefined : Properties[property]
    return value === undefined ? undefined : String(resolve(value))
  }

  function arnOf(id: string): string {
    const { Type = "", Properties = {} } = template.Resources[id] ?? {}
    const name = nameOf(id) ?? id
    if (Type === "AWS::S3::Bucket") return `arn:aws:s3:::${name}`
    if (Type === "AWS::Lambda::Alias") return `${arn("lambda", `function:${resolve(Properties["FunctionName"] ?? "")}`)}:${name}`
    if (Type === "AWS::Lambda::Function") return arn("lambda", `function:${name}`)
    if (Type === "AWS::StepFunctions::StateMachine") return arn("states", `stateMachine:${name}`)
    if (Type === "AWS::Logs::LogGroup") return `${arn("logs", `log-group:${name}`)}:*`
    if (Type === "AWS::SQS::Queue") return arn("sqs", name)
    if (Type === "AWS::SNS::Topic") return arn("sns", name)
    return `${id}.Arn`
  }
}

const nameProperties: { readonly [type: string]: string } = {
  "AWS::S3::Bucket": "BucketName",
  "AWS::Lambda::Alias": "Name",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::StepFunctions::StateMachine": "StateMachineName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::RDS::DBInstance": "DBInstanceIdentifier",
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`
}

function split(path: string): [string, string] {
  const dot = path.indexOf(".")
  return [path.slice(0, dot), path.slice(dot + 1)]
}
