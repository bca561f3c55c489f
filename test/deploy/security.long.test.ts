import { describe, expect, test } from "vitest"
import { startStandIn } from "../aws/stand-in.ts"
import { cdkTemplate, whyNoCdk } from "./cdk-template.ts"
import { planWithKnownNames } from "./known-plan.ts"
import { samTemplate, type Template, whyNoSam } from "./sam-template.ts"
import { checklist } from "./security/checklist.ts"
import type { Deployed } from "./security/deployed.ts"
import { readPlan } from "./security/read-plan.ts"
import { readTemplate } from "./security/read-template.ts"
import { waysInPlan } from "./security/ways-in-plan.ts"
import { waysInTemplate } from "./security/ways-in-template.ts"
import { openTerraform, whyNoTerraform } from "./terraform.ts"

interface Way<T> {
  readonly reason: string | undefined
  open(): Promise<T>
  read(opened: T): Deployed
  /** How to break each item. */
  readonly waysToBreak: { readonly [item: string]: readonly ((opened: T) => void)[] }
}

describeWay(
  "the plan of Terraform",
  {
    reason: await whyNoTerraform(),
    async open() {
      await using standIn = await startStandIn()
      await using terraform = await openTerraform(standIn)
      return [...(await planWithKnownNames(standIn, terraform))]
    },
    read: readPlan,
    waysToBreak: waysInPlan,
  },
  checklist,
)
const template = {
  read: readTemplate,
  waysToBreak: Object.fromEntries(
    Object.entries(waysInTemplate).map(([item, ways]) => [
      item,
      ways.map(
        (way) =>
          ({ Resources }: Template) =>
            way(Resources),
      ),
    ]),
  ),
}
describeWay("the CDK stack", { ...template, reason: await whyNoCdk(), open: cdkTemplate }, checklist)
describeWay(
  "the SAM template",
  { ...template, reason: await whyNoSam(), open: samTemplate },
  checklist.filter(({ inSam }) => inSam),
)

function describeWay<T>(name: string, { reason, open, read, waysToBreak }: Way<T>, items: typeof checklist): void {
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`)
    test(`${name} is safe`, ({ skip }) => skip(reason))
    return
  }
  describe(name, async () => {
    const opened = await open()

    const named = items.map((item) => [item.name, item] as const)

    test.each(named)("%s", (_, { problems }) => {
      expect(problems(read(opened))).toEqual([])
    })

    test.each(named)("the test fails without this: %s", (item, { problems }) => {
      const ways = waysToBreak[item] ?? []
      expect(ways.length).toBeGreaterThan(0)
      for (const [at, spoil] of ways.entries()) {
        const spoiled = structuredClone(opened)
        spoil(spoiled)
        expect(problems(read(spoiled)), `way ${at}`).not.toEqual([])
      }
    })
  })
}
