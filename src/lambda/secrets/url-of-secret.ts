import { RowgateError } from "../../errors/rowgate-error.ts"
import { parsedUrl } from "./database-settings.ts"

/**
 * The connection string of a secret: either JSON as RDS stores it (`{ username, password, host, port, dbname, engine }`), or a connection string. `base` is a
 * connection string whose host, port, database and parameters override those of the JSON.
 */
export function urlOfSecret(text: string, id: string, base: URL | undefined): URL {
  const fields = jsonObject(text)
  if (fields === undefined) {
    if (base === undefined) return parsedUrl(text.trim(), `The secret ${id}`)
    throw invalid(id, "is no JSON object with username and password, as it must be if DATABASE_URL is set too")
  }
  const engine = textOf(fields, "engine")
  if (engine !== undefined && !engine.includes("postgres"))
    throw invalid(id, `is for the engine ${engine.slice(0, 50)}, not for PostgreSQL`)
  const [username, password] = [textOf(fields, "username"), textOf(fields, "password")]
  if (username === undefined || password === undefined) throw invalid(id, "has no username or no password")
  const url = new URL(base ?? placeOf(fields, id))
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password)
  return url
}

function placeOf(fields: Fields, id: string): string {
  const [host, port = "5432", database] = [textOf(fields, "host"), textOf(fields, "port"), textOf(fields, "dbname")]
  if (host === undefined || database === undefined)
    throw invalid(id, `has no ${host === undefined ? "host" : "dbname"}`, "Set DATABASE_URL to postgres://HOST:PORT/DATABASE as well.")
  const place = `postgres://${host.includes(":") ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
  if (URL.canParse(place)) return place
  throw invalid(id, "has a host or a port that cannot be part of an address")
}

interface Fields {
  readonly [name: string]: unknown
}

function jsonObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** A text, or the port, which may be a number. An empty text counts as missing. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : undefined
}

/** The message never quotes the secret. */
function invalid(id: string, says: string, remedy = "Correct the secret."): RowgateError {
  return new RowgateError({ code: "CONFIG_INVALID", message: `The secret ${id} ${says}.`, remedy, origin: { uri: id } })
}
