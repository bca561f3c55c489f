import { access } from "node:fs/promises"
import type { Variables } from "./database-settings.ts"

/** The certificate authorities of RDS in all regions, as a file of Lambda's runtimes for Node. */
const authoritiesOfLambda = "/var/runtime/ca-cert.pem"

const tlsParameters = ["sslmode", "ssl", "sslrootcert", "sslnegotiation"]

/**
 * Names the certificate authorities for a connection to RDS from Lambda, unless the connection string says how to use TLS, or NODE_EXTRA_CA_CERTS adds
 * them for the whole process. RDS Proxy has certificates of an authority that Node knows and that the file may lack.
 */
export async function withAuthority(url: URL, variables: Variables, file = authoritiesOfLambda): Promise<string> {
  const host = url.hostname.toLowerCase()
  const isInstance = (host.endsWith(".rds.amazonaws.com") || host.endsWith(".rds.amazonaws.com.cn")) && !host.includes(".proxy-")
  if (!isInstance || variables["NODE_EXTRA_CA_CERTS"] || tlsParameters.some((name) => url.searchParams.has(name))) return url.href
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (!isThere) return url.href
  const complete = new URL(url)
  complete.searchParams.set("sslmode", "verify-full")
  complete.searchParams.set("sslrootcert", file)
  return complete.href
}
