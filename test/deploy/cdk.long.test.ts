import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { cdkFolder, cdkTemplate, whyNoCdk } from "./cdk-template.ts"
import type { Template, TemplateResource } from "./sam-template.ts"
import { readSettings } from "./settings.ts"
import { valueAt } from "./value-at.ts"

const run = promisify(execFile)

const reason = await whyNoCdk()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("the CDK stack deploys the functions", ({ skip }) => skip(reason))
} else {
  describe("the CDK stack", async () => {
    const template = await cdkTemplate()
    const more = await cdkTemplate({
      ...{ nat: "single", databaseProxy: "true", provisionedConcurrency: { parser: 2 }, alarmEmail: "data-team@example.com" },
    })
    const less = await cdkTemplate({
      ...{ deletionProtection: "false", cloudtrail: "false", guardduty: "false", securityHub: "false", flowLogs: false },
    })
    const only = (type: string) => {
      const [found, ...others] = ofType(template, type)
      if (found === undefined || others.length > 0)
        throw new Error(`The template has ${others.length + (found ? 1 : 0)} resources of the type ${type}.`)
      return found.Properties
    }

    test("has no type errors", async () => {
      const compiled = await run(join(cdkFolder, "node_modules/.bin/tsc"), { cwd: cdkFolder }).catch((error) => error)
      expect(compiled.stdout).toBe("")
      expect(compiled.code).toBeUndefined()
    })

    test("gives templates that cfn-lint finds no fault with", async ({ skip }) => {
      const absent = await whyNoCfnLint()
      if (absent !== undefined) console.log(`skipped: ${absent}`)
      if (absent !== undefined) return skip(absent)
      for (const each of [template, more, less]) expect(await lint(each)).toBe("")
    })

    test("calls no code of its own while it deploys", () => {
      expect(ofType(template, "AWS::Lambda::Function").length).toBe(7)
      expect(
        Object.values(template.Resources).filter(({ Type }) => Type.startsWith("Custom::") || Type.startsWith("AWS::CloudFormation::")),
      ).toEqual([])
    })

    test("keeps buckets, key, logs and database when the stack is deleted, unless you turn that off", () => {
      const kept = ["AWS::S3::Bucket", "AWS::KMS::Key", "AWS::RDS::DBInstance"]
      const policies = (of: Template) => new Set(kept.flatMap((type) => ofType(of, type)).map(({ DeletionPolicy }) => DeletionPolicy))
      expect(policies(template)).toEqual(new Set(["Retain", "Snapshot"]))
      expect(only("AWS::RDS::DBInstance")["DeletionProtection"]).toBe(true)
      expect(policies(less)).toEqual(new Set(["Delete"]))
      expect(ofType(less, "AWS::RDS::DBInstance").map(({ Properties }) => Properties["DeletionProtection"])).toEqual([false])
    })

    test("has a private database that is encrypted and has a standby, backups and a password that nobody sees", () => {
      expect(only("AWS::RDS::DBInstance")).toMatchObject({
        PubliclyAccessible: false,
        StorageEncrypted: true,
        MultiAZ: true,
        BackupRetentionPeriod: 14,
        ManageMasterUserPassword: true,
        EnableIAMDatabaseAuthentication: true,
        EnablePerformanceInsights: true,
        StorageType: "gp3",
      })
      expect(only("AWS::RDS::DBParameterGroup")["Parameters"]).toEqual(readSettings().database.parameters)
      expect(JSON.stringify(template)).not.toContain('MasterUserPassword":"')
    })

    test("lets nothing in but the functions, and gives them no way to the internet", () => {
      const groups = ofType(template, "AWS::EC2::SecurityGroup")
      expect(groups.length).toBe(3)
      expect(groups.filter(({ Properties }) => "SecurityGroupIngress" in Properties)).toEqual([])
      const inbound = ofType(template, "AWS::EC2::SecurityGroupIngress").map(({ Properties }) => Properties)
      expect(inbound.map(({ FromPort }) => FromPort).sort()).toEqual([443, 5432])
      expect(inbound.every((rule) => "SourceSecurityGroupId" in rule)).toBe(true)
      const gateway = ofType(template, "AWS::EC2::VPCEndpoint").find(({ Properties }) => Properties["VpcEndpointType"] === "Gateway")
      expect(JSON.stringify(valueAt(gateway?.Properties, "PolicyDocument", "Statement", 0, "Resource"))).toMatch(
        /landing.*processing.*archive/,
      )
      expect(["AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route"].flatMap((type) => ofType(template, type))).toEqual([])
    })

    test("runs each function in the VPC, with its own role, a dead-letter queue, traces, and JSON logs in its own log group", () => {
      const functions = ofType(template, "AWS::Lambda::Function").map(({ Properties }) => Properties)
      for (const each of functions) {
        expect(each).toMatchObject({ TracingConfig: { Mode: "Active" }, LoggingConfig: { LogFormat: "JSON" } })
        expect(valueAt(each, "VpcConfig", "SubnetIds")).toHaveLength(2)
        expect(valueAt(each, "DeadLetterConfig", "TargetArn", "Fn::GetAtt", 1)).toBe("Arn")
      }
      expect(new Set(functions.map(({ Role }) => JSON.stringify(Role))).size).toBe(7)
      expect(new Set(functions.map((each) => JSON.stringify(valueAt(each, "LoggingConfig", "LogGroup")))).size).toBe(7)
    })

    test("gives the password of the owner to migrate only, and the address of the database to those that load", () => {
      const variables = Object.fromEntries(
        ofType(template, "AWS::Lambda::Function").map(({ Properties }) => {
          const environment = valueAt(Properties, "Environment", "Variables")
          return [String(Properties["FunctionName"]), Object.keys(environment ?? {}).filter((name) => /^(DATABASE|STATE|LOAD)_/.test(name))]
        }),
      )
      expect(variables).toEqual({
        "rowgate-parser": [],
        "rowgate-normalizer": [],
        "rowgate-validator": [],
        "rowgate-scorer": [],
        "rowgate-loader": ["DATABASE_AUTH", "DATABASE_URL"],
        "rowgate-sweeper": ["DATABASE_AUTH", "DATABASE_URL", "STATE_MACHINE_ARN"],
        "rowgate-migrate": ["DATABASE_SECRET_ARN", "DATABASE_URL", "LOAD_USER"],
      })
    })

    test("publishes a version of new code even if the same code was deployed without the stack", () => {
      const described = ofType(template, "AWS::Lambda::Function").map(({ Properties }) => String(Properties["Description"]))
      expect(described.every((description) => /^Code [0-9a-f]{32,}$/.test(description))).toBe(true)
      expect(new Set(described).size).toBe(7)
    })

    test("turns parts off that an account already has", () => {
      const types = ["AWS::CloudTrail::Trail", "AWS::GuardDuty::Detector", "AWS::SecurityHub::Hub", "AWS::EC2::FlowLog"]
      expect(types.map((type) => ofType(template, type).length)).toEqual([1, 1, 1, 1])
      expect(types.map((type) => ofType(less, type).length)).toEqual([0, 0, 0, 0])
    })

    test("connects through a proxy, with tokens of IAM on both sides, if you ask for one", () => {
      const [proxy] = ofType(more, "AWS::RDS::DBProxy")
      expect(proxy?.Properties).toMatchObject({ DefaultAuthScheme: "IAM_AUTH", RequireTLS: true })
      const loader = ofType(more, "AWS::Lambda::Function").find(({ Properties }) => Properties["FunctionName"] === "rowgate-loader")
      expect(JSON.stringify(valueAt(loader?.Properties, "Environment", "Variables", "DATABASE_URL"))).toMatch(
        /\["DatabaseProxy\w+","Endpoint"\]/,
      )
    })

    test("lets the functions log in to a restored database that has taken the name of its own", async () => {
      const restored = {
        databaseResourceId: "db-RESTORED",
        databaseSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:restored",
      }
      const text = JSON.stringify(await cdkTemplate(restored))
      expect(text.match(/:db-RESTORED\/rowgate_load"/g)).toHaveLength(2)
      expect(text).toContain(`"DATABASE_SECRET_ARN":"${restored.databaseSecretArn}"`)
      for (const own of ["DbiResourceId", "MasterUserSecret.SecretArn"]) {
        expect(JSON.stringify(template)).toContain(own)
        expect(text).not.toContain(own)
      }
    })

    test("keeps functions warm, sends mail for alarms and opens a way to the internet, if you ask for it", () => {
      const aliases = ofType(more, "AWS::Lambda::Alias").map(({ Properties }) => Properties["ProvisionedConcurrencyConfig"])
      expect(aliases.filter((warm) => warm !== undefined)).toEqual([{ ProvisionedConcurrentExecutions: 2 }])
      expect(ofType(more, "AWS::SNS::Subscription").map(({ Properties }) => Properties["Endpoint"])).toEqual(["data-team@example.com"])
      expect(ofType(more, "AWS::EC2::NatGateway").length).toBe(1)
    })

    test("leaves files where they arrive while the intake is off", async () => {
      const off = await cdkTemplate({ intake: false })
      for (const [from, state] of [
        [template, "ENABLED"],
        [off, "DISABLED"],
      ] as const) {
        const rules = ofType(from, "AWS::Events::Rule").filter(({ Properties }) => Properties["Name"] === "rowgate-object-created")
        expect([...rules, ...ofType(from, "AWS::Scheduler::Schedule")].map(({ Properties }) => Properties["State"])).toEqual([state, state])
      }
    })

    test.each<[string, JsonValue, string]>([
      ["guardduty", "no", 'The option "guardduty" is "no". Set it to true or false.'],
      ["nat", "many", 'The option "nat" is "many". Set it to none or single.'],
      ["name", "Rowgate", 'The option "name" is "Rowgate". Set it to 3 to 20 lowercase letters'],
      ["name", "a--b", 'The option "name" is "a--b".'],
      ["name", "rowgate-", 'The option "name" is "rowgate-".'],
      ["name", "a".repeat(40), 'The option "name" is'],
      ["pipeline", "*", 'The option "pipeline" is "*".'],
      ["pipeline", "a b", 'The option "pipeline" is "a b".'],
      ["vpcCidr", "fd00::/16", 'The option "vpcCidr" is "fd00::/16".'],
      ["alarmEmail", "nobody", 'The option "alarmEmail" is "nobody". Set it to an e-mail address.'],
      ["alarmmail", "team@example.com", 'There is no option "alarmmail". The options are name, pipeline, intake, alarmEmail'],
      [
        "provisionedConcurrency",
        { laoder: 1 },
        'The option "provisionedConcurrency" is "{"laoder":1}". Set it to an object of the functions parser',
      ],
      ["provisionedConcurrency", { loader: 50 }, 'The option "provisionedConcurrency" is'],
      ["provisionedConcurrency", "{loader: 1}", 'The option "provisionedConcurrency" is "{loader: 1}". Set it to a JSON object.'],
      ["functionEnvironment", { AWS_REGION: "eu-central-1" }, 'The option "functionEnvironment" is'],
      ["bundles", "/nowhere", "The file /nowhere/parser.zip does not exist. Run npm run build:lambda"],
    ])("refuses the option %s with the value %j", async (option, value, message) => {
      await expect(cdkTemplate({ [option]: value })).rejects.toThrow(message)
    })

    test("has locked packages with the hash of their content and no registry address", async () => {
      const { packages } = JSON.parse(await readFile(join(cdkFolder, "package-lock.json"), "utf8"))
      const locked = Object.entries<{ integrity?: string; resolved?: string; inBundle?: boolean }>(packages).filter(([path]) => path !== "")
      expect(locked.length).toBeGreaterThan(10)
      expect(locked.filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith("sha512-"))).toEqual([])
      expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    })
  })
}

function ofType({ Resources }: Template, type: string): TemplateResource[] {
  return Object.values(Resources).filter(({ Type }) => Type === type)
}

async function whyNoCfnLint(): Promise<string | undefined> {
  return await run("cfn-lint", ["--version"]).then(
    () => undefined,
    () => "cfn-lint is not installed",
  )
}

/**
 * What cfn-lint finds. Ignored: W3005, because the constructs also name the dependencies that a reference implies, and W3691, because cfn-lint knows minor
 * versions of PostgreSQL only.
 */
async function lint(template: Template): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-cdk-"))
  try {
    const file = join(folder, "rowgate.template.json")
    await writeFile(file, JSON.stringify(template))
    const linted = await run("cfn-lint", ["--ignore-checks", "W3005", "W3691", "--regions", "us-east-1", "eu-central-1", "--", file]).catch(
      (error) => error,
    )
    return linted.stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
