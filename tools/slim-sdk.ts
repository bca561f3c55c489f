import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import type { Plugin } from "esbuild"

/**
 * Leaves out of a bundle what the AWS SDK brings for other places than Lambda, and what no command uses. It takes 23 of 109 kB from the S3 client.
 *
 * - Lambda puts credentials into the environment. Profiles, single sign-on, web identities and the metadata of EC2 are not there, nor is a browser.
 * - The schemas of the client name each other by computed keys, so that a bundler keeps all 480. Each becomes a pure call.
 * - No command of rowgate has an event stream.
 * - Node has the hashes that the SDK also brings in JavaScript. MD5 stays, because Node has none in FIPS mode.
 * - Of its package.json, a client needs the version.
 */
export function slimSdk(): Plugin {
  const elsewhere = "@aws-sdk/(credential-provider-(sso|ini|process|web-identity|login|cognito-identity)|nested-clients|token-providers)"
  return {
    name: "slim-sdk",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(${elsewhere}|@smithy/credential-provider-imds|bowser)(/|$)`) }, ({ path }) => ({
        path,
        namespace: "left-out",
      }))
      onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path }) => ({ path, namespace: "left-out" }))
      onLoad({ filter: /./, namespace: "left-out" }, ({ path }) => ({
        contents: path.endsWith("event-streams") ? noStreams : "module.exports = {}",
      }))
      onLoad({ filter: /[\\/]Sha(1|256)Js\.js$/ }, ({ path }) => ({
        contents: `export const ${basename(path, ".js")} = undefined`,
      }))
      onLoad({ filter: /[\\/]loadSharedConfigFiles\.js$/ }, () => ({ contents: noProfiles }))
      onLoad({ filter: /[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path }) => ({
        contents: JSON.stringify({ version: JSON.parse(await readFile(path, "utf8")).version }),
        loader: "json",
      }))
      onLoad({ filter: /[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => ({
        contents: pure(await readFile(path, "utf8")),
      }))
    },
  }
}

const noStreams = "export const resolveEventStreamSerdeConfig = (config) => config; export const eventStreamSerdeProvider = undefined"

const noProfiles = `export { CONFIG_PREFIX_SEPARATOR } from "./constants"
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} })`

/** A list or an object, on one line or up to the next line that begins with its bracket. */
const declaration = /^(export |)(const|var) (\w+\$?) = ([[{].*[\]}]|[[{][\s\S]*?^[\]}]);$/gm

function pure(schemas: string): string {
  return schemas.replace(declaration, "$1$2 $3 = /* @__PURE__ */ (() => ($4))();")
}
