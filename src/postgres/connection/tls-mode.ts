import { readFile } from "node:fs/promises"
import { isIP } from "node:net"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ConnectionOptions } from "../postgres-options.ts"

/** How to speak to a server, and the connection string without what said so. */
export interface TlsMode {
  readonly url: string
  /** Options of Node's TLS; true for its defaults, false for none. */
  readonly ssl: boolean | TlsOptions
  /** Whether a server that offers no TLS is spoken to without it. */
  readonly allowsPlaintext: boolean
  /** Set where TLS begins without asking the server. */
  readonly sslnegotiation: "direct" | undefined
}

/** What `pg` makes of a connection string that says nothing of TLS. */
interface Defaults {
  readonly host: string
  /** What PGSSLMODE asks for. */
  readonly ssl: boolean
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly checkServerIdentity?: () => undefined
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"] as const
const parameters = ["sslmode", "ssl", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "uselibpqcompat"] as const

/**
 * Reads what a connection string says of TLS; options beat it. Throws `CONFIG_INVALID` for a mode
 * that there is not, and a certificate that cannot be read.
 */
export async function tlsMode(url: string, defaultsOf: (url: string) => Defaults, ssl: ConnectionOptions["ssl"]): Promise<TlsMode> {
  const parsed = new URL(url)
  const said = Object.fromEntries(parameters.map((name) => [name, parsed.searchParams.get(name) || undefined] as const))
  const isSaid = parameters.some((name) => parsed.searchParams.has(name))
  for (const name of parameters) parsed.searchParams.delete(name)
  const rest = { url: isSaid ? parsed.href : url, sslnegotiation: said["sslnegotiation"] === "direct" ? ("direct" as const) : undefined }
  if (typeof ssl === "boolean") return { ...rest, ssl, allowsPlaintext: false }
  if (ssl !== undefined) return { ...rest, ssl: optionsOf(ssl.rejectUnauthorized ?? true, { ca: ssl.ca }), allowsPlaintext: false }
  const mode = modeOf(said)
  if (mode === undefined) return { ...rest, ...defaultMode(defaultsOf(rest.url)) }
  if (mode === "disable") return { ...rest, ssl: false, allowsPlaintext: false }
  const isSystem = said["sslrootcert"] === "system"
  const files = {
    ca: isSystem ? undefined : await certificate("sslrootcert", said["sslrootcert"]),
    cert: await certificate("sslcert", said["sslcert"]),
    key: await certificate("sslkey", said["sslkey"]),
  }
  const isLoose = said["uselibpqcompat"] === "true" && mode === "require"
  const mayBeAnybody = mode === "allow" || mode === "prefer" || isLoose
  const isVerified = mode !== "no-verify" && (isSystem || files.ca !== undefined || !mayBeAnybody)
  // A certificate of any name is good enough where its issuer was named; a public one issues certificates to everybody.
  const anyName = files.ca !== undefined && (mayBeAnybody || mode === "verify-ca")
  return { ...rest, ssl: optionsOf(isVerified, files, anyName), allowsPlaintext: mode === "allow" || mode === "prefer" }
}

/** What PGSSLMODE asks for, else TLS where the server has it, unless nobody can stand between. */
function defaultMode({ host, ssl }: Defaults): Pick<TlsMode, "ssl" | "allowsPlaintext"> {
  if (ssl !== false) return { ssl, allowsPlaintext: false }
  return isLocal(host) ? { ssl: false, allowsPlaintext: false } : { ssl: { rejectUnauthorized: false }, allowsPlaintext: true }
}

function modeOf(said: { readonly [name: string]: string | undefined }): (typeof modes)[number] | undefined {
  const { ssl } = said
  const short = ssl === undefined ? undefined : ssl === "no-verify" ? ssl : ssl === "0" || ssl === "false" ? "disable" : "require"
  const direct = said["sslnegotiation"] === "direct" ? "require" : undefined
  const named = said["sslmode"] ?? short ?? direct
  if (named === undefined && said["sslrootcert"] === undefined) return undefined
  const mode = modes.find((each) => each === (named ?? "verify-full"))
  if (mode !== undefined) return mode
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The connection's sslmode is "${named}", which is none of ${modes.join(", ")}.`,
    remedy: "Write one of them after sslmode= in the connection string.",
  })
}

/** A Unix socket, or this machine by its loopback addresses. */
function isLocal(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
}

function optionsOf(
  rejectUnauthorized: boolean,
  files: { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined },
  anyName = false,
): TlsOptions {
  const { ca, cert, key } = files
  return {
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(anyName ? { checkServerIdentity: () => undefined } : {}),
  }
}

async function certificate(parameter: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  return await readFile(path, "utf8").catch((cause: unknown) => {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The file ${path}, which ${parameter} of the connection string names, cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: "Check the path and its permissions.",
      origin: { uri: path },
      cause,
    })
  })
}
