import { mkdtemp, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, inject, test } from "vitest"
import { buildFunction } from "../../tools/build-lambda.ts"
import { functionRoles, shippedFile } from "../aws/shipped-machine.ts"
import { startStandIn, whyNoStandIn } from "../aws/stand-in.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { allows, type Grant, grantedPermissions, withValues } from "./granted-permissions.ts"
import { neededPermissions, type Permission } from "./needed-permissions.ts"
import { forbiddenLoads, forbiddenRows, type RecordedDeliveries, recordDeliveries, recordedFunctions } from "./recorded-deliveries.ts"
import { checklistLines, grantLines } from "./security/checklist-page.ts"

const reason = await whyNoStandIn()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("the functions may do what they do, and no more", ({ skip }) => skip(reason))
} else {
  describe("permissions.json", async () => {
    const recorded = await record()
    const granted = await grantedPermissions()
    const key = "arn:aws:kms:us-east-1:123456789012:key/1"
    const values = {
      Pipeline: "orders",
      Region: "us-east-1",
      LandingBucketArn: "arn:aws:s3:::landing",
      ProcessingBucketArn: "arn:aws:s3:::processing",
      ArchiveBucketArn: "arn:aws:s3:::archive",
      KeyArn: key,
      StateMachineArn: recorded.stateMachineArn,
      DatabaseSecretArn: recorded.secretArn,
      DatabaseUserArn: "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-1/rowgate_load",
      DeadLetterQueueArn: "arn:aws:sqs:us-east-1:123456789012:rowgate-dead-letters",
      ...Object.fromEntries(
        recordedFunctions.map((name) => [
          `${name[0]?.toUpperCase()}${name.slice(1)}LogGroupArn`,
          `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/rowgate-${name}`,
        ]),
      ),
    }
    const grantsOf = (name: string): readonly Grant[] => JSON.parse(withValues(JSON.stringify(granted.functions[name] ?? []), values))
    const neededBy = (name: string): readonly Permission[] =>
      recorded.requests.filter(({ caller }) => caller === name).flatMap((request) => neededPermissions(request, key))

    test("is compared with deliveries of every outcome", () => {
      expect(recorded.outcomes).toEqual({
        ...{ direct: "Loaded", staged: "Loaded", corrected: "Loaded", duplicate: "Duplicate", refused: "Refused", empty: "Failed" },
        ...{ "rows-forbidden": "Refused", "load-forbidden": "Failed" },
        ...{ "loaded-left": "Failed", "duplicate-left": "Failed", "refused-left": "Failed" },
      })
      // Each of these needs permissions of its own.
      for (const done of ["started", "poisoned", "followedUp", "cleanedDeliveries"] as const)
        expect(Math.max(...recorded.sweeps.map((sweep) => sweep[done])), done).toBeGreaterThan(0)
      expect(recorded.sweeps.flatMap(({ failures }) => failures.first)).toEqual([])
    })

    test("no log contains a value of a row, not even at the level debug", () => {
      const { logs } = recorded
      expect(logs).toContain('"level":"debug"')
      expect(logs).toContain("in/load-forbidden.csv")
      const values = /Customer \d|@example\.com|nobody/
      expect(logs.split("\n").filter((line) => values.test(line))).toEqual([])
    })

    test("the functions may send every request that they need", () => {
      const denied = recordedFunctions.flatMap((name) => {
        const needed = neededBy(name)
        expect(needed.length, name).toBeGreaterThan(0)
        return needed
          .filter((permission) => !grantsOf(name).some((grant) => allows(grant, permission)))
          .map(({ action, resource }) => `${name} may not ${action} on ${resource}`)
      })
      expect([...new Set(denied)]).toEqual([])
    })

    const unexplained = recordedFunctions.flatMap((role) => {
      const needed = neededBy(role)
      return grantsOf(role).flatMap(({ sid, actions, resources, condition, reason: why = "" }) => {
        const allowed = (some: readonly string[], on: readonly string[]) =>
          needed.some((permission) => allows({ actions: some, resources: on, ...(condition && { condition }) }, permission))
        const unneeded = actions.filter((action) => !allowed([action], resources))
        const areNeeded = unneeded.length === 0 && resources.every((resource) => allowed(actions, [resource]))
        return areNeeded ? [] : [{ role, sid, actions: unneeded.length === 0 ? actions : unneeded, resources, reason: why }]
      })
    })

    test("the functions may do nothing that they do not need, except for the grants listed below", () => {
      expect(unexplained.filter(({ reason: why }) => why === "")).toEqual([])
    })

    test("the security checklist lists each grant that no recorded request needs, with its reason", () => {
      const ofSome = unexplained.filter(({ resources }) => !resources.includes("*"))
      const lines = grantLines(ofSome.map(({ resources: _, ...grant }) => grant))
      expect(lines.length).toBeGreaterThan(0)
      expect(checklistLines("Grants that no recorded request needs")).toEqual(lines)
    })

    test("allows what the state machine, its rule and its schedule do", async () => {
      const of = (placeholder: string) => `\${${placeholder}}`
      const definition = await readFile(shippedFile, "utf8")
      const called = new Set([...definition.matchAll(/"FunctionName": "(\$\{\w+\})"/g)].map((match) => match[1] ?? ""))
      expect(called.size).toBe(functionRoles.length)
      expect(definition).toContain('"Mode": "DISTRIBUTED"')
      expect(definition).toContain('"arn:aws:states:::s3:getObject"')
      const machine = [
        ...[...called].map((resource) => `lambda:InvokeFunction ${resource}`),
        // The lists of parts.
        `s3:GetObject ${of("ProcessingBucketArn")}/${of("Pipeline")}/*`,
        `kms:Decrypt ${of("KeyArn")}`,
        // A distributed map starts executions of its own state machine, follows and stops them; a redrive continues them. Their names have its label.
        `states:StartExecution ${of("StateMachineArn")}`,
        ...["Describe", "Stop", "Redrive"].flatMap((action) =>
          [":*", "/*"].map((executions) => `states:${action}Execution ${of("StateMachineExecutionArn")}${executions}`),
        ),
      ]
      const flat = (grants: readonly Grant[]) =>
        grants.flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)))
      const known = granted.stateMachine.filter(({ sid }) => sid !== "DeliverLogs" && sid !== "Trace")
      expect(flat(known).sort()).toEqual(machine.sort())
      expect(granted.stateMachine.filter((grant) => !known.includes(grant)).every(({ reason: why }) => why !== undefined)).toBe(true)
      expect(flat(granted.rule)).toEqual([`states:StartExecution ${of("StateMachineArn")}`])
      expect(flat(granted.schedule)).toEqual([`lambda:InvokeFunction ${of("SweeperFunctionArn")}`])
    })
  })
}

async function record(): Promise<RecordedDeliveries> {
  const { pool, url } = await ledgerDatabase()
  const bundles = await mkdtemp(join(inject("compiledFolder"), "recorded-"))
  await Promise.all(recordedFunctions.map((name) => buildFunction(`examples/lambda/${name}.ts`, name, bundles)))
  await using standIn = await startStandIn()
  return await recordDeliveries({
    standIn,
    bundles,
    database: url,
    // PostgreSQL quotes the whole row when it refuses one.
    async prepare() {
      await pool.query(`ALTER TABLE orders ADD CHECK (order_no / 100000 <> ${forbiddenRows / 100_000})`)
      await pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.order_no / 100000 = ${forbiddenLoads / 100_000} THEN RAISE EXCEPTION 'No % here', NEW USING ERRCODE = 'internal_error'; END IF;
          RETURN NEW;
        END $$`)
      await pool.query(
        "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
      )
    },
  })
}
