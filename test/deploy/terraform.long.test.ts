import { randomBytes } from "node:crypto"
import { copyFile } from "node:fs/promises"
import { join } from "node:path"
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda"
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3"
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { buildFunction } from "../../tools/build-lambda.ts"
import type { FunctionName } from "../../tools/lambda-functions.ts"
import { executeMachine } from "../aws/execute-machine.ts"
import { asCsv, orderRows } from "../aws/order-files.ts"
import { type StandIn, startStandIn } from "../aws/stand-in.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { readSettings } from "./settings.ts"
import { openTerraform, type Terraform, whyNoTerraform } from "./terraform.ts"
import { appliedResources, planTerraform } from "./terraform-plan.ts"

const reason = await whyNoTerraform()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("Terraform deploys the functions to a stand-in for AWS", ({ skip }) => skip(reason))
} else {
  const settings = readSettings()
  const names = Object.keys(settings.functions)

  describe("the Terraform configuration", () => {
    let standIn: StandIn
    let terraform: Terraform

    beforeAll(async () => {
      standIn = await startStandIn()
      terraform = await openTerraform(standIn)
    }, 120_000)

    afterAll(async () => {
      await terraform?.[Symbol.asyncDispose]()
      await standIn?.[Symbol.asyncDispose]()
    })

    test("is formatted and valid", async () => {
      await terraform.run("fmt", "-check", "-recursive", "-diff")
      expect(await terraform.run("validate")).toContain("Success")
    })

    test("has the defaults of settings.json", async () => {
      const planned = await planTerraform(terraform)
      const { database } = settings
      for (const type of ["aws_lambda_function", "aws_lambda_alias", "aws_iam_role"]) {
        expect(planned.filter((each) => each.type === type).map(({ index }) => index)).toEqual(expect.arrayContaining(names))
      }
      const valuesOf = (type: string) => planned.filter((each) => each.type === type).map(({ values }) => values)
      for (const values of valuesOf("aws_lambda_function")) {
        expect(values).toMatchObject({
          runtime: settings.runtime,
          architectures: [settings.architecture],
          memory_size: settings.memoryMegabytes,
          timeout: settings.timeoutSeconds,
          publish: true,
        })
      }
      expect(valuesOf("aws_db_instance")).toEqual([
        expect.objectContaining({
          instance_class: database.class,
          engine_version: database.version,
          allocated_storage: database.storageGigabytes,
          backup_retention_period: database.backupDays,
          multi_az: true,
          performance_insights_enabled: true,
          iam_database_authentication_enabled: true,
        }),
      ])
      expect(valuesOf("aws_subnet")).toHaveLength(2)
      expect(new Set(valuesOf("aws_subnet").map(({ availability_zone: zone }) => zone)).size).toBe(2)
      expect(valuesOf("aws_vpc_endpoint").map(({ service_name: name }) => name)).toEqual(
        expect.arrayContaining(["s3", "secretsmanager", "states"].map((name) => `com.amazonaws.us-east-1.${name}`)),
      )
      expect(valuesOf("aws_nat_gateway")).toEqual([])
      expect(valuesOf("aws_db_proxy")).toEqual([])
    })

    test("has switches for all that costs more or exists elsewhere", async () => {
      const planned = await planTerraform(terraform, {
        nat: "single",
        database_proxy: true,
        provisioned_concurrency: { parser: 2 },
        reserved_concurrency: { loader: 4, sweeper: -1 },
        database_version: "16.4",
        database_multi_az: false,
        alarm_email: "team@example.com",
        ...{ cloudtrail: false, guardduty: false, security_hub: false, flow_logs: false, deletion_protection: false },
      })
      const types = new Set(planned.map(({ type }) => type))
      for (const type of ["aws_nat_gateway", "aws_db_proxy", "aws_lambda_provisioned_concurrency_config", "aws_sns_topic_subscription"]) {
        expect(types).toContain(type)
      }
      for (const type of ["aws_cloudtrail", "aws_guardduty_detector", "aws_securityhub_account", "aws_flow_log"]) {
        expect(types).not.toContain(type)
      }
      const reserved = planned.flatMap(({ type, index, values }) =>
        type === "aws_lambda_function" ? [[index, values["reserved_concurrent_executions"]]] : [],
      )
      expect(Object.fromEntries(reserved)).toMatchObject({ parser: -1, loader: 4, sweeper: -1, migrate: 1 })
      expect(planned.find(({ type }) => type === "aws_db_parameter_group")?.values["family"]).toBe("postgres16")
      expect(planned.find(({ type }) => type === "aws_db_instance")?.values).toMatchObject({
        multi_az: false,
        deletion_protection: false,
        skip_final_snapshot: true,
      })
    })

    test("leaves files where they arrive while the intake is off", async () => {
      for (const [intake, state] of [
        [true, "ENABLED"],
        [false, "DISABLED"],
      ] as const) {
        const planned = await planTerraform(terraform, { intake })
        const started = planned.filter(({ address }) => /step_functions\.aws_(cloudwatch_event_rule|scheduler_schedule)\./.test(address))
        expect(started.map(({ values }) => values["state"])).toEqual([state, state])
      }
    })

    // One plan refuses a value of each variable, because a plan takes seconds.
    const refusals: readonly { readonly [variable: string]: readonly [value: JsonValue, ...messages: readonly string[]] }[] = [
      {
        nat: ["two", "nat must be"],
        name: ["Rowgate", "The name must have"],
        pipeline: ["*", "pipeline must have"],
        tags: [{ Project: "shop" }, "tags must not have"],
        reserved_concurrency: [{ laoder: -1 }, "reserved_concurrency must name functions: loader, migrate"],
        function_environment: [{ AWS_REGION: "eu-central-1" }, "such as AWS_REGION"],
        log_retention_days: [0, "log_retention_days must be one of 1, 3, 5"],
        database_version: ["14", "15 or newer"],
        database_storage_gigabytes: [70_000, "between 20 and 16384"],
        vpc_cidr: ["10.0.0.0/28", "from /16 to /20"],
        alarm_email: ["", "must be an e-mail address"],
        enable_alarms: [["no-such"], "enable_alarms must name alarms of alarms.json, not no-such"],
        disable_alarms: [["no-such"], "disable_alarms must name alarms of alarms.json, not no-such"],
        alarm_thresholds: [{ "no-such": 1 }, "alarm_thresholds must name alarms of alarms.json, not no-such"],
      },
      {
        name: ["row--gate", "The name must have"],
        pipeline: ['a"b', "pipeline must have"],
        reserved_concurrency: [{ loader: 1.5 }, "numbers in reserved_concurrency must be whole"],
        function_environment: [{ "LOG-LEVEL": "debug" }, "function_environment must begin with a letter"],
        log_retention_days: [91, "log_retention_days must be one of 1, 3, 5"],
        database_version: ["17.x", "15 or newer"],
        vpc_cidr: ["fd00::/16", "from /16 to /20"],
      },
      // A space is encoded in the keys of parts, but not in policies.
      {
        name: ["rowgate-", "The name must have"],
        pipeline: ["a b", "pipeline must have"],
        provisioned_concurrency: [
          { laoder: 1, parser: 0, loader: 50 },
          "provisioned_concurrency must name functions: loader, migrate",
          "numbers in provisioned_concurrency must be whole",
          "provisioned_concurrency must not exceed",
        ],
      },
    ]

    test.each(refusals)("refuses wrong values of variables, round %#", async (wrong) => {
      const values = Object.fromEntries(Object.entries(wrong).map(([variable, [value]]) => [variable, value]))
      const refused = await planTerraform(terraform, values).catch((error) => error)
      // Terraform wraps lines.
      const said = String(refused).replace(/[\s│]+/g, " ")
      for (const [, ...messages] of Object.values(wrong)) for (const message of messages) expect(said).toContain(message)
    })
  })

  describe("applied to a stand-in for AWS", () => {
    // The stand-in lacks calls that CloudTrail, GuardDuty and Security Hub need, and forgets saved queries. The plan above has them.
    const switches = { cloudtrail: false, guardduty: false, security_hub: false, saved_queries: false, deletion_protection: false }
    const loadUser = `load_${randomBytes(6).toString("hex")}`
    let standIn: StandIn
    let terraform: Terraform
    let database: PostgresDatabase
    let pool: pg.Pool
    let outputs: { readonly [name: string]: string }

    beforeAll(async () => {
      ;[standIn, database] = await Promise.all([startStandIn(), postgresDatabase()])
      pool = new pg.Pool({ connectionString: database.url })
      terraform = await openTerraform(standIn)
      const out = join(inject("compiledFolder"), "terraform-functions")
      for (const name of names as FunctionName[]) {
        await buildFunction(`examples/lambda/${name}.ts`, name, out)
        await copyFile(join(out, `${name}.zip`), join(terraform.zips, `${name}.zip`))
      }
      const begun = performance.now()
      await terraform.variables({
        ...switches,
        // An empty variable counts as not set.
        function_environment: { DATABASE_URL: database.url, DATABASE_AUTH: "password", DATABASE_SECRET_ARN: "", LOAD_USER: loadUser },
      })
      await terraform.run("apply", "-auto-approve", "-parallelism=30")
      console.log(`apply took ${((performance.now() - begun) / 1_000).toFixed(0)} s`)
      const printed: { readonly [name: string]: { readonly value: JsonValue } } = JSON.parse(await terraform.run("output", "-json"))
      outputs = Object.fromEntries(Object.entries(printed).map(([name, { value }]) => [name, String(value)]))
    }, 400_000)

    afterAll(async () => {
      await pool?.end()
      await standIn?.[Symbol.asyncDispose]()
      await terraform?.[Symbol.asyncDispose]()
      await database?.drop()
    })

    /** The stand-in takes no notice of the condition of a policy, so this one would refuse everything. */
    async function removeBucketPolicies(s3: S3Client): Promise<void> {
      for (const purpose of ["landing", "processing", "archive"]) {
        await s3.send(new DeleteBucketPolicyCommand({ Bucket: outputs[`${purpose}_bucket`] }))
      }
    }

    /** The stand-in fails when the last version of an object is a delete marker, and so Terraform tries for ever to empty the bucket. */
    async function removeDeleteMarkers(s3: S3Client): Promise<void> {
      for (const purpose of ["landing", "processing", "archive"]) {
        const Bucket = outputs[`${purpose}_bucket`]
        const { DeleteMarkers: markers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
        for (const { Key, VersionId } of markers) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
      }
    }

    async function call(name: string): Promise<JsonValue> {
      const lambda = new LambdaClient(standIn.client)
      const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: `rowgate-${name}`, Qualifier: "live" }))
      const answer = Buffer.from(Payload ?? []).toString()
      if (FunctionError !== undefined) throw new Error(answer)
      return JSON.parse(answer)
    }

    test("a file that arrives starts the state machine", async () => {
      const targets = (await appliedResources(terraform)).filter(({ type }) => type === "aws_cloudwatch_event_target")
      expect(targets).toContainEqual(
        expect.objectContaining({ values: expect.objectContaining({ rule: "rowgate-object-created", arn: outputs["state_machine_arn"] }) }),
      )
    })

    test("a file that arrives is in PostgreSQL, in the ledger and in the archive", async () => {
      expect(await call("migrate")).toMatchObject({ user: loadUser, created: true })

      const s3 = new S3Client({ ...standIn.client, forcePathStyle: true })
      await removeBucketPolicies(s3)
      const { rows, rejected } = orderRows(300, 1)
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: outputs["landing_bucket"], Key: "in/orders.csv", Body: asCsv(rows) }),
      )
      // As EventBridge, which the stand-in lacks, sends it to the state machine.
      const event = {
        ...{ source: "aws.s3", "detail-type": "Object Created", region: "us-east-1" },
        detail: { bucket: { name: outputs["landing_bucket"] ?? "" }, object: { key: "in/orders.csv", "version-id": VersionId ?? null } },
      }
      const ended = await executeMachine(new SFNClient(standIn.client), outputs["state_machine_arn"] ?? "", event)
      expect(ended).toMatchObject({ status: "SUCCEEDED", output: { status: "loaded", read: 300, loaded: 300 - rejected, rejected } })

      const { rows: counted } = await pool.query("SELECT count(*)::int AS loaded FROM orders")
      expect(counted).toEqual([{ loaded: 300 - rejected }])
      const { rows: runs } = await pool.query("SELECT status, uri, loaded::int FROM rowgate.run")
      expect(runs).toEqual([{ status: "committed", uri: `s3://${outputs["landing_bucket"]}/in/orders.csv`, loaded: 300 - rejected }])
      const keysIn = async (bucket: string | undefined) => {
        const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }))
        return objects.map(({ Key: key = "" }) => key)
      }
      expect(await keysIn(outputs["landing_bucket"])).toEqual([])
      expect(await keysIn(outputs["processing_bucket"])).toEqual([])
      expect(await keysIn(outputs["archive_bucket"])).toContainEqual(expect.stringMatching(/loaded\/orders\/.*\/in\/orders\.csv$/))
    })

    test("the sweeper finds nothing to do", async () => {
      expect(await call("sweeper")).toMatchObject({ seen: 0, started: 0, failures: { count: 0 } })
    })

    test("destroy leaves nothing", async () => {
      await removeDeleteMarkers(new S3Client({ ...standIn.client, forcePathStyle: true }))
      const begun = performance.now()
      await terraform.run("destroy", "-auto-approve", "-parallelism=30")
      console.log(`destroy took ${((performance.now() - begun) / 1_000).toFixed(0)} s`)
      expect(await terraform.run("state", "list")).toBe("")
      const { Buckets: buckets } = await new S3Client(standIn.client).send(new ListBucketsCommand({}))
      const { Functions: functions } = await new LambdaClient(standIn.client).send(new ListFunctionsCommand({}))
      const { stateMachines } = await new SFNClient(standIn.client).send(new ListStateMachinesCommand({}))
      expect({ buckets, functions, stateMachines }).toEqual({ buckets: [], functions: [], stateMachines: [] })
    })
  })
}
