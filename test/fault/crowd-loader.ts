import { bytes, createPipeline, csv, RowgateError } from "rowgate"
import { postgres } from "rowgate/postgres"

/** The job of one loader of a crowd, which it gets as its only argument, in JSON. */
export interface CrowdJob {
  readonly url: string
  readonly table: string
  readonly pipeline: string
  readonly content: string
}

const { url, table, pipeline, content }: CrowdJob = JSON.parse(process.argv[2] ?? "")
const said = await createPipeline({ name: pipeline, batchRows: 500 })
  .from(bytes(content, { name: "rows.csv" }))
  .parse(csv())
  .into(postgres({ url, table }))
  .run()
  .then(
    ({ deliveries }) => deliveries[0]?.outcome,
    (error: unknown) => (error instanceof RowgateError ? `${error.code}: ${error.message}` : String(error)),
  )
process.stdout.write(`${said}\n`)
