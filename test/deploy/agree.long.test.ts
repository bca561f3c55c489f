import { describe, expect, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { startStandIn } from "../aws/stand-in.ts"
import { cdkTemplate, whyNoCdk } from "./cdk-template.ts"
import type { Alarm, Deployment } from "./deployment.ts"
import { planWithKnownNames } from "./known-plan.ts"
import { arn, resolveTemplate } from "./resolve-template.ts"
import { samTemplate, whyNoSam } from "./sam-template.ts"
import { type Chosen, sharedDeployment } from "./shared-deployment.ts"
import { templateDeployment } from "./template-deployment.ts"
import { openTerraform, whyNoTerraform } from "./terraform.ts"
import { terraformDeployment } from "./terraform-deployment.ts"
import { valueAt } from "./value-at.ts"

interface Deployed {
  readonly deployed: Deployment
  /** What AWS chose for it. */
  readonly chosen: Chosen
}

const ways = {
  Terraform: { reason: await whyNoTerraform(), deploy: deployWithTerraform },
  CDK: { reason: await whyNoCdk(), deploy: deployWithCdk },
  SAM: { reason: await whyNoSam(), deploy: deployWithSam },
}

describe.each(Object.entries(ways))("%s agrees with the files that all deployables share on", async (name, { reason, deploy }) => {
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`)
    test(`what ${name} deploys`, ({ skip }) => skip(reason))
    return
  }
  const { deployed, chosen } = await deploy()
  const shared = sharedDeployment(chosen)

  test("the state machine", () => expect(deployed.stateMachine).toEqual(shared.stateMachine))

  test.each(Object.keys(shared.lifecycles))("the lifecycle of the bucket %s", (bucket) => {
    expect(deployed.lifecycles[bucket]).toEqual(shared.lifecycles[bucket])
  })

  test("which roles there are", () => expect(Object.keys(deployed.permissions).sort()).toEqual(Object.keys(shared.permissions).sort()))

  test.each(Object.keys(shared.permissions))("what the role %s may do", (role) => {
    expect(shared.permissions[role]?.length).toBeGreaterThan(0)
    expect(deployed.permissions[role]).toEqual(shared.permissions[role])
  })

  test("the functions and their runtime, architecture, memory, time-outs, concurrency and logs", () => {
    expect(deployed.functions).toEqual(shared.functions)
  })

  test("the events that start a delivery", () => {
    const { target = shared.rule.target, ...others } = deployed.rule
    expect({ target, ...others }).toEqual(shared.rule)
  })

  test("when the sweeper runs", () => expect(deployed.schedule).toEqual(shared.schedule))

  if (name === "SAM") return

  test("the alarms", () => expect(withSortedTerms(deployed.alarms)).toEqual(withSortedTerms(shared.alarms)))

  test("the dashboard", () => expect(withSortedAlarms(deployed.dashboard)).toEqual(withSortedAlarms(shared.dashboard)))

  test("the saved queries", () => expect(byName(deployed.queries)).toEqual(byName(shared.queries)))
})

async function deployWithTerraform(): Promise<Deployed> {
  await using standIn = await startStandIn()
  await using terraform = await openTerraform(standIn)
  const resources = await planWithKnownNames(standIn, terraform)
  const valuesOf = (searched: string) => resources.find(({ type }) => type === searched)?.values
  const database = valuesOf("aws_db_instance")
  return {
    deployed: terraformDeployment(resources),
    chosen: {
      KeyArn: String(valuesOf("aws_kms_key")?.["arn"]),
      DatabaseUserArn: arn("rds-db", `dbuser:${database?.["resource_id"]}/rowgate_load`),
      DatabaseSecretArn: String(valueAt(database, "master_user_secret", 0, "secret_arn")),
      DatabaseId: "rowgate",
    },
  }
}

async function deployWithCdk(): Promise<Deployed> {
  const resources = resolveTemplate(await cdkTemplate())
  const idOf = (type: string) => Object.keys(resources).find((id) => resources[id]?.Type === type) ?? ""
  const database = idOf("AWS::RDS::DBInstance")
  return {
    deployed: templateDeployment(resources),
    chosen: {
      KeyArn: `${idOf("AWS::KMS::Key")}.Arn`,
      DatabaseUserArn: arn("rds-db", `dbuser:${database}.DbiResourceId/rowgate_load`),
      DatabaseSecretArn: `${database}.MasterUserSecret.SecretArn`,
      DatabaseId: "rowgate",
    },
  }
}

/** With the parameters of a database that exists. */
async function deployWithSam(): Promise<Deployed> {
  const DatabaseSecretArn = arn("secretsmanager", "secret:rds!db-0a1b2c3d-AbCdEf")
  const parameters = { DatabaseResourceId: "db-ABCDEFGHIJKL01234", DatabaseSecretArn }
  return {
    deployed: templateDeployment(resolveTemplate(await samTemplate(), parameters)),
    chosen: {
      KeyArn: "Key.Arn",
      DatabaseUserArn: arn("rds-db", "dbuser:db-ABCDEFGHIJKL01234/rowgate_load"),
      DatabaseSecretArn,
      DatabaseId: "shop",
    },
  }
}

/** Terraform has them by their names. */
function withSortedAlarms(dashboard: JsonValue | undefined): unknown {
  const sorted = (name: string, value: unknown) => (name === "alarms" && Array.isArray(value) ? value.sort() : value)
  return JSON.parse(JSON.stringify(dashboard), sorted)
}

/** Terraform has the terms of an alarm as a set. */
function withSortedTerms(alarms: readonly Alarm[]): readonly Alarm[] {
  return byName(alarms).map((alarm) => {
    const terms = alarm["expressions"] as readonly { readonly id: string }[] | undefined
    return { ...alarm, expressions: terms && [...terms].sort((left, right) => (left.id < right.id ? -1 : 1)) }
  })
}

function byName<T extends { readonly name: string }>(values: readonly T[]): readonly T[] {
  return [...values].sort((left, right) => (left.name < right.name ? -1 : 1))
}
