import { existsSync } from "node:fs"
import { join } from "node:path"
import { Duration, FileSystem, RemovalPolicy, Size } from "aws-cdk-lib"
import { ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  RuntimeFamily,
  Tracing,
} from "aws-cdk-lib/aws-lambda"
import type { Queue } from "aws-cdk-lib/aws-sqs"
import { Construct } from "constructs"
import { logGroup } from "./log-group.ts"
import type { Network } from "./network.ts"
import type { Options } from "./options.ts"
import { permissions, roleWith } from "./permissions.ts"
import { settings } from "./settings.ts"
import type { Values } from "./shared-files.ts"

interface FunctionsProps {
  readonly options: Options
  readonly network: Network
  readonly key: Key
  readonly deadLetters: Queue
  /** For the placeholders of the permissions. */
  readonly values: Values
  /** The environment of a function. */
  readonly variables: (name: string) => { readonly [variable: string]: string }
}

/** The functions of settings.json, each with its own role and log group, behind the alias `live`. */
export class Functions extends Construct {
  readonly aliases: { readonly [name: string]: Alias }

  constructor(scope: Construct, props: FunctionsProps) {
    super(scope, "Functions")
    this.aliases = Object.fromEntries(Object.keys(settings.functions).map((name) => [name, this.#function(name, props)]))
  }

  #function(name: string, { options, network, key, deadLetters, values, variables }: FunctionsProps): Alias {
    const scope = new Construct(this, name)
    const reservedConcurrency = settings.functions[name]?.reservedConcurrency
    const provisioned = options.provisionedConcurrency[name]
    const zip = join(options.bundles, `${name}.zip`)
    if (!existsSync(zip)) throw new Error(`The file ${zip} does not exist. Run npm run build:lambda in the root of the repository.`)
    const role = roleWith(scope, "Role", {
      name: functionName(options, name),
      service: new ServicePrincipal("lambda.amazonaws.com"),
      statements: permissions.functions[name] ?? [],
      values,
    })
    const { currentVersion } = new LambdaFunction(scope, "Function", {
      functionName: functionName(options, name),
      role,
      code: Code.fromAsset(zip),
      // If deploy-lambdas.sh has published the same code, a version could not be published again. A new description makes it a new one.
      description: `Code ${FileSystem.fingerprint(zip)}`,
      runtime: new Runtime(settings.runtime, RuntimeFamily.NODEJS),
      architecture: settings.architecture === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
      handler: settings.handler,
      memorySize: settings.memoryMegabytes,
      timeout: Duration.seconds(settings.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(settings.temporaryMegabytes),
      environment: { LOG_LEVEL: "info", ...variables(name), ...options.functionEnvironment },
      environmentEncryption: key,
      vpc: network.vpc,
      vpcSubnets: { subnets: [...network.subnets] },
      securityGroups: [network.functionGroup],
      deadLetterQueue: deadLetters,
      tracing: Tracing.ACTIVE,
      logGroup: logGroup(scope, "Logs", logGroupName(options, name), options, key),
      loggingFormat: LoggingFormat.JSON,
      // LOG_LEVEL decides. Lambda drops the lines below its own level, and above INFO those with metrics too.
      applicationLogLevelV2: ApplicationLogLevel.DEBUG,
      // You can point the alias back to an earlier version.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
    })
    return new Alias(scope, "Live", {
      aliasName: "live",
      version: currentVersion,
      ...(provisioned !== undefined && { provisionedConcurrentExecutions: provisioned }),
    })
  }
}

export function functionName(options: Options, name: string): string {
  return `${options.name}-${name}`
}

export function logGroupName(options: Options, name: string): string {
  return `/aws/lambda/${functionName(options, name)}`
}
