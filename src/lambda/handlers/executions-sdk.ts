/** What rowgate uses of the SDK, by name: a bundler leaves out the rest, which `import("@aws-sdk/client-sfn")` would keep. */
export { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn"
