import { RowgateError } from "../../errors/rowgate-error.ts"
import type { UrlOptions } from "../postgres-options.ts"
import type { Connection, Database } from "./database.ts"
import { faultOf } from "./sink-error.ts"

type AskUrl = Exclude<UrlOptions["url"], string>

/** SQLSTATEs of a wrong password, and of a user who may not log in. */
const refusals = new Set(["28P01", "28000"])

/**
 * A database whose connection string a function returns. If the server refuses the login, the function is asked again, because passwords rotate
 * while a process runs. If it then returns another string, the connection is tried once more. Connections that are open stay so.
 */
export async function renewableDatabase(ask: AskUrl, open: (url: string) => Promise<Database>): Promise<Database> {
  const askUrl = async (refused?: string) => checkedUrl(await ask(refused))
  const logins: Login[] = []
  const logIn = async (url: string) => {
    const login = { url, database: await open(url) }
    logins.push(login)
    return login
  }
  let latest = await logIn(await askUrl())
  let renewing: Promise<void> | undefined
  const renew = async ({ url: refused }: Login) => {
    const url = await askUrl(refused)
    if (url !== refused) latest = await logIn(url)
  }
  return {
    ...latest.database,
    async connect(): Promise<Connection> {
      const login = latest
      try {
        return await login.database.connect()
      } catch (error) {
        if (!refusals.has(faultOf(error).code)) throw error
        // Connections are opened at the same time; the first that is refused asks for all of them.
        if (login === latest) {
          renewing ??= renew(login).finally(() => {
            renewing = undefined
          })
          await renewing
        }
        if (login === latest) throw error
        return await latest.database.connect()
      }
    },
    isExhausted: () => latest.database.isExhausted?.() === true,
    close: async () => void (await Promise.all(logins.map(({ database }) => database.close()))),
  }
}

interface Login {
  readonly url: string
  readonly database: Database
}

function checkedUrl(url: unknown): string {
  if (typeof url === "string") return url
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The function of the option url returned ${url === undefined ? "undefined" : `a value of the type ${typeof url}`}.`,
    remedy: "Return a connection string, such as postgres://user@host/database.",
  })
}
