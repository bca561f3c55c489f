/** `npm run demo:look "SELECT ..."`: queries the database that the demo created. */
import { fileURLToPath } from "node:url"
import { PGlite } from "@electric-sql/pglite"

const [sql = "SELECT status, uri, read, loaded, rejected FROM rowgate.run"] = process.argv.slice(2)
const database = await PGlite.create(fileURLToPath(new URL("../../.rowgate/demo", import.meta.url)))
console.table((await database.query(sql)).rows)
await database.close()
