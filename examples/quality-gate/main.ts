// A gate refuses a file with a low score: none of its rows are loaded, and the report says why.
import { bytes, createPipeline, memory } from "rowgate"
import { z } from "zod"

const Contact = z.object({ name: z.string(), email: z.email(), phone: z.string().optional() })
const contacts = memory<z.infer<typeof Contact>>()

const pipeline = createPipeline({ name: "contacts" })
  .from(bytes(""))
  .validate(Contact)
  .score({ expected: ["phone"], minimum: { overall: 80, validity: 75 } })
  .into(contacts)

const good = "name,email,phone\nAnn,ann@example.com,030 1\nBob,bob@example.com,\nCho,cho@example.com,030 3\n"
const bad = "name,email,phone\nAnn,ann,\nBob,bob,\n,cho@example.com,\nDee,dee@example.com,\n"

for (const [name, content] of Object.entries({ "good.csv": good, "bad.csv": bad })) {
  const report = await pipeline.run({ source: bytes(content, { name }) })
  const { outcome, reason, loaded, rejected, withheld, score } = report.deliveries[0] ?? {}
  console.log(`${name}: ${outcome}, score ${score?.overall?.toFixed(1)}: ${loaded} loaded, ${rejected} rejected, ${withheld} withheld`)
  if (reason !== undefined) console.log(`  ${reason}`)
  for (const { rule, points } of score?.lost.slice(0, 2) ?? []) console.log(`  -${points.toFixed(1)} by ${rule}`)
}
console.log(`${contacts.rows.length} contacts in all`)
