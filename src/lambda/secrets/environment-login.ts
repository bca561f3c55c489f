import { databaseSettings, type Variables } from "./database-settings.ts"
import type { SecretsClientLike, SecretsReader } from "./secrets-reader.ts"
import { withAuthority } from "./with-authority.ts"

/** Finds the database by variables, which it reads for each connection. The code that reads secrets is loaded for the first one. */
export class EnvironmentLogin {
  readonly #variables: () => Variables
  readonly #client: SecretsClientLike | undefined
  #secrets: SecretsReader | undefined
  /** The last reading of a secret. `key` has the variables that it depends on. */
  #last: { readonly key: string; readonly url: Promise<string> } | undefined

  constructor(variables: () => Variables, client: SecretsClientLike | undefined) {
    this.#variables = variables
    this.#client = client
  }

  async url(refused: string | undefined): Promise<string> {
    const settings = databaseSettings(this.#variables())
    if (settings.secret === undefined) return await withAuthority(settings.url, this.#variables())
    const { secret, url: base } = settings
    const key = `${secret} ${base?.href}`
    const known = this.#last?.key === key ? this.#last : undefined
    if (known !== undefined) {
      const url = await known.url
      if (url !== refused) return url
      // Several connections may be refused at once; only the first of them reads the secret again.
      if (this.#last !== known) return await this.url(refused)
    }
    const url = this.#read(secret, base, refused)
    const reading = { key, url }
    this.#last = reading
    return await url.catch((error: unknown) => {
      if (this.#last === reading) this.#last = undefined
      throw error
    })
  }

  async password(): Promise<string | undefined> {
    const settings = databaseSettings(this.#variables())
    if (!settings.isIam) return undefined
    const { iamToken } = await import("./iam-token.ts")
    return await iamToken(settings.url)
  }

  async #read(id: string, base: URL | undefined, refused: string | undefined): Promise<string> {
    const [{ SecretsReader }, { urlOfSecret }] = await Promise.all([import("./secrets-reader.ts"), import("./url-of-secret.ts")])
    this.#secrets ??= new SecretsReader(this.#client)
    const complete = (text: string) => withAuthority(urlOfSecret(text, id, base), this.#variables())
    const current = await complete(await this.#secrets.current(id))
    if (current !== refused) return current
    // A rotation changes the password in the database a few seconds before it makes the new version of the secret the current one.
    const pending = await this.#secrets.pending(id)
    return pending === undefined ? current : await complete(pending)
  }
}
