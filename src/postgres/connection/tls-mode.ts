import { readFile } from "node:fs/promises"
import { isIP } from "node:net"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ConnectionOptions } from "../postgres-options.ts"

/** Whether and how to use TLS, and the connection string without its TLS parameters. */
export interface TlsMode {
  readonly url: string
  /** Options for Node's TLS; true for the defaults, false for no TLS. */
  readonly ssl: boolean | TlsOptions
  /** Whether to use plaintext if the server does not support TLS. */
  readonly allowsPlaintext: boolean
  /** Set if TLS begins without a request to the server. */
  readonly sslnegotiation: "direct" | undefined
}

/** What `pg` reads from a connection string without TLS parameters. */
interface Defaults {
  readonly host: string
  /** Whether PGSSLMODE asks for TLS. */
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
 * Reads the TLS parameters of a connection string; the option `ssl` overrides them. Throws `CONFIG_INVALID` for an unknown mode and for a
 * certificate that cannot be read.
 */
export async function tlsMode(url: string, defaultsOf: (url: string) => Defaults, ssl: ConnectionOptions["ssl"]): Promise<TlsMode> {
  const parsed = new URL(url)
  const given = Object.fromEntries(parameters.map((name) => [name, parsed.searchParams.get(name) || undefined] as const))
  const hasParameters = parameters.some((name) => parsed.searchParams.has(name))
  for (const name of parameters) parsed.searchParams.delete(name)
  const rest = {
    url: hasParameters ? parsed.href : url,
    sslnegotiation: given["sslnegotiation"] === "direct" ? ("direct" as const) : undefined,
  }
  if (typeof ssl === "boolean") return { ...rest, ssl, allowsPlaintext: false }
  if (ssl !== undefined) return { ...rest, ssl: optionsOf(ssl.rejectUnauthorized ?? true, { ca: ssl.ca }), allowsPlaintext: false }
  const mode = modeOf(given)
  if (mode === undefined) return { ...rest, ...defaultMode(defaultsOf(rest.url)) }
  if (mode === "disable") return { ...rest, ssl: false, allowsPlaintext: false }
  const isSystem = given["sslrootcert"] === "system"
  const files = {
    ca: isSystem ? undefined : await certificate("sslrootcert", given["sslrootcert"]),
    cert: await certificate("sslcert", given["sslcert"]),
    key: await certificate("sslkey", given["sslkey"]),
  }
  const isLoose = given["uselibpqcompat"] === "true" && mode === "require"
  const isUnverified = mode === "allow" || mode === "prefer" || isLoose
  const isVerified = mode !== "no-verify" && (isSystem || files.ca !== undefined || !isUnverified)
  // Any host name will do if the user named the issuer. A public issuer gives certificates to everybody.
  const anyName = files.ca !== undefined && (isUnverified || mode === "verify-ca")
  return { ...rest, ssl: optionsOf(isVerified, files, anyName), allowsPlaintext: mode === "allow" || mode === "prefer" }
}

/** What PGSSLMODE asks for. Otherwise none to this machine, verified TLS to Amazon RDS, and TLS to other hosts if they support it. */
function defaultMode({ host, ssl }: Defaults): Pick<TlsMode, "ssl" | "allowsPlaintext"> {
  if (ssl !== false) return { ssl, allowsPlaintext: false }
  // Every server of RDS supports TLS and has a certificate for its name.
  if (isRds(host)) return { ssl: optionsOf(true, {}), allowsPlaintext: false }
  return isLocal(host) ? { ssl: false, allowsPlaintext: false } : { ssl: { rejectUnauthorized: false }, allowsPlaintext: true }
}

function modeOf(given: { readonly [name: string]: string | undefined }): (typeof modes)[number] | undefined {
  const { ssl } = given
  const short = ssl === undefined ? undefined : ssl === "no-verify" ? ssl : ssl === "0" || ssl === "false" ? "disable" : "require"
  const direct = given["sslnegotiation"] === "direct" ? "require" : undefined
  const named = given["sslmode"] ?? short ?? direct
  if (named === undefined && given["sslrootcert"] === undefined) return undefined
  const mode = modes.find((each) => each === (named ?? "verify-full"))
  if (mode !== undefined) return mode
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The sslmode of the connection string is "${named}", but it must be one of ${modes.join(", ")}.`,
    remedy: "Correct sslmode= in the connection string.",
  })
}

/** A Unix socket, or this machine by its loopback addresses. */
function isLocal(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
}

function isRds(host: string): boolean {
  const name = host.toLowerCase()
  return name.endsWith(".rds.amazonaws.com") || name.endsWith(".rds.amazonaws.com.cn")
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
      message: `The file ${path}, named by ${parameter} in the connection string, cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: "Check the path and its permissions.",
      origin: { uri: path },
      cause,
    })
  })
}
