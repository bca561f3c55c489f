/** What rowgate uses of the SDK, by name: a bundler leaves out the rest, which `import("@aws-sdk/client-secrets-manager")` would keep. */
export { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
