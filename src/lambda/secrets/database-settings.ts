import { RowgateError } from "../../errors/rowgate-error.ts"

/** Variables by name, such as `process.env`. */
export interface Variables {
  readonly [name: string]: string | undefined
}

/** How to find the database: by a connection string, whose password may be a token of IAM, or by a secret. */
export type DatabaseSettings =
  | { readonly url: URL; readonly secret?: undefined; readonly isIam: boolean }
  | { readonly url: URL | undefined; readonly secret: string; readonly isIam: false }

/** Reads the variables that name the database. An empty variable counts as not set. No message shows a value that may contain a password. */
export function databaseSettings(variables: Variables): DatabaseSettings {
  const [url, secret, auth] = ["DATABASE_URL", "DATABASE_SECRET_ARN", "DATABASE_AUTH"].map((name) => variables[name]?.trim() || undefined)
  if (auth !== undefined && auth !== "password" && auth !== "iam")
    throw invalid(`DATABASE_AUTH is "${auth}", but it must be password or iam.`, "Correct it, or unset it for a password.", "DATABASE_AUTH")
  const isIam = auth === "iam"
  const parsed = url === undefined ? undefined : parsedUrl(url, "DATABASE_URL")
  if (isIam && (secret !== undefined || parsed === undefined || parsed.password !== "" || parsed.username === ""))
    throw invalid(
      "DATABASE_AUTH is iam, so the password is a token of IAM.",
      "Set DATABASE_URL to a connection string with a user and without a password, and unset DATABASE_SECRET_ARN.",
      "DATABASE_AUTH",
    )
  if (secret === undefined) {
    if (parsed !== undefined) return { url: parsed, isIam }
    throw invalid("Neither DATABASE_URL nor DATABASE_SECRET_ARN is set.", "Set one of them, or both.", "DATABASE_URL")
  }
  if (parsed !== undefined && parsed.password !== "")
    throw invalid(
      "DATABASE_URL has a password, and DATABASE_SECRET_ARN names another one.",
      "Remove the password from DATABASE_URL, or unset DATABASE_SECRET_ARN.",
      "DATABASE_URL",
    )
  return { url: parsed, secret, isIam: false }
}

/** `what` names the text in the message, which does not show it. */
export function parsedUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^postgres(ql)?:$/.test(url.protocol)) return url
  throw invalid(
    `${what} does not have the form postgres://user:password@host:port/database.`,
    "Correct it. Percent-encode special characters in the password.",
    what,
  )
}

function invalid(message: string, remedy: string, name: string): RowgateError {
  return new RowgateError({ code: "CONFIG_INVALID", message, remedy, origin: { uri: `environment ${name}` } })
}
