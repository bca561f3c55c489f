import { env } from "node:process"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, having, record } from "../../options/option-kinds.ts"
import type { EnvironmentLogin } from "./environment-login.ts"
import type { SecretsClientLike } from "./secrets-reader.ts"

/** Options of `databaseFromEnvironment`. */
export interface EnvironmentDatabaseOptions {
  /** The variables. Default: those of the process, when a connection is made. */
  readonly variables?: { readonly [name: string]: string | undefined } | undefined
  /**
   * A client of `@aws-sdk/client-secrets-manager`. By default rowgate makes one for the region in the ARN, and the SDK finds the credentials in its
   * usual places.
   */
  readonly client?: SecretsClientLike | undefined
}

/** The options of `postgres` that say which database to use. */
export interface EnvironmentDatabase {
  /** Returns the connection string. Pass one that the server refused to read the secret again. */
  readonly url: (refused?: string) => Promise<string>
  /** Returns a token of IAM if `DATABASE_AUTH` is `iam`, and otherwise undefined: the password is then part of the url. */
  readonly password: () => Promise<string | undefined>
}

/**
 * Finds the database by variables of the environment, so that the same module works in a function and on a laptop:
 * `postgres({ ...databaseFromEnvironment(), table: "orders" })`. It reads the variables when a connection is made.
 *
 * - `DATABASE_URL`: a connection string.
 * - `DATABASE_SECRET_ARN`: a secret of AWS Secrets Manager, as RDS writes it, or with a connection string. With `DATABASE_URL` as well, the secret has the
 *   user and the password, and `DATABASE_URL` the rest, such as the address of a proxy. The secret is kept, and read again if the server refuses
 *   the login. Needs the package `@aws-sdk/client-secrets-manager`.
 * - `DATABASE_AUTH=iam`: the password is a token of IAM. Needs the package `@aws-sdk/rds-signer`.
 *
 * Loads then also throw `CONFIG_INVALID` if the variables or the secret are wrong, `SINK_UNREACHABLE` if the secret cannot be read, and
 * `DEPENDENCY_MISSING`.
 */
export function databaseFromEnvironment(options: EnvironmentDatabaseOptions = {}): EnvironmentDatabase {
  checkOptions("databaseFromEnvironment()", options, {
    variables: record(anyText(), "an object of variables"),
    client: having<SecretsClientLike>("a client of @aws-sdk/client-secrets-manager", "send"),
  })
  let login: Promise<EnvironmentLogin> | undefined
  // Only some functions connect.
  const loaded = () => {
    login ??= import("./environment-login.ts").then((room) => new room.EnvironmentLogin(() => options.variables ?? env, options.client))
    return login
  }
  return { url: async (refused) => (await loaded()).url(refused), password: async () => (await loaded()).password() }
}
