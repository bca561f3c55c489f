import { ArnFormat, CfnOutput, Duration, Stack, type StackProps, Tags } from "aws-cdk-lib"
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs"
import type { Construct } from "constructs"
import { Audit } from "./audit.ts"
import { Database } from "./database.ts"
import { Delivery, stateMachineName } from "./delivery.ts"
import { createKey } from "./encryption.ts"
import { Functions, functionName, logGroupName } from "./functions.ts"
import { Monitoring } from "./monitoring.ts"
import { Network } from "./network.ts"
import type { Options } from "./options.ts"
import { settings } from "./settings.ts"
import type { Values } from "./shared-files.ts"
import { Storage } from "./storage.ts"

/** Files that arrive in a bucket become rows in PostgreSQL: network, database, buckets, functions, state machine, monitoring and audit. */
export class RowgateStack extends Stack {
  constructor(scope: Construct, id: string, { options, ...props }: StackProps & { readonly options: Options }) {
    super(scope, id, { description: "Loads files from a bucket into PostgreSQL", ...props })
    // CloudFormation does not know tags of these everywhere yet.
    const untagged = ["AWS::CloudWatch::Dashboard", "AWS::RDS::DBProxyTargetGroup"]
    Tags.of(this).add("Project", options.name, { excludeResourceTypes: untagged })

    const key = createKey(this, options)
    const storage = new Storage(this, options, key)
    const network = new Network(this, options, storage, key)
    const database = new Database(this, options, network, key)
    const deadLetters = new Queue(this, "DeadLetters", {
      queueName: `${options.name}-dead-letters`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(settings.deadLetterDays),
    })

    // By its name, because the sweeper starts the state machine, which calls the other functions.
    const stateMachineArn = this.#arn("states", "stateMachine", stateMachineName(options))
    const values: Values = {
      Name: options.name,
      Pipeline: options.pipeline,
      Region: this.region,
      Account: this.account,
      LandingBucketArn: storage.landing.bucketArn,
      ProcessingBucketArn: storage.processing.bucketArn,
      ArchiveBucketArn: storage.archive.bucketArn,
      KeyArn: key.keyArn,
      DatabaseId: database.instance.ref,
      DatabaseUserArn: database.userArn,
      DatabaseSecretArn: database.secretArn,
      DeadLetterQueueArn: deadLetters.queueArn,
      DeadLetterQueueName: deadLetters.queueName,
      StateMachineArn: stateMachineArn,
      StateMachineExecutionArn: this.#arn("states", "execution", stateMachineName(options)),
      ...forEachFunction("LogGroupArn", (name) => this.#arn("logs", "log-group", logGroupName(options, name))),
      ...forEachFunction("FunctionName", (name) => functionName(options, name)),
    }
    const buckets = {
      LANDING_BUCKET: storage.landing.bucketName,
      PROCESSING_BUCKET: storage.processing.bucketName,
      ARCHIVE_BUCKET: storage.archive.bucketName,
    }
    const variables = (name: string) => ({
      ...buckets,
      ...(settings.functions[name]?.database && (name === "migrate" ? database.ownerVariables : database.variables)),
      ...(name === "sweeper" && { STATE_MACHINE_ARN: stateMachineArn }),
    })

    const { aliases } = new Functions(this, { options, network, key, deadLetters, values, variables })
    const withFunctions = { ...values, ...forEachFunction("FunctionArn", (name) => aliases[name]?.functionArn ?? "") }
    const { stateMachine } = new Delivery(this, { options, key, landing: storage.landing, deadLetters, values: withFunctions })
    new Monitoring(this, { options, key, stateMachine, values: withFunctions })
    new Audit(this, options, storage, key)

    new CfnOutput(this, "LandingBucket", { value: storage.landing.bucketName })
    new CfnOutput(this, "ArchiveBucket", { value: storage.archive.bucketName })
    new CfnOutput(this, "StateMachineArn", { value: stateMachine.stateMachineArn })
    new CfnOutput(this, "MigrateFunction", { value: `${functionName(options, "migrate")}:live` })
  }

  #arn(service: string, resource: string, resourceName: string): string {
    return this.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })
  }
}

/** A value for each function, such as `ParserFunctionName`. */
function forEachFunction(suffix: string, value: (name: string) => string): Values {
  const named = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}${suffix}`
  return Object.fromEntries(Object.keys(settings.functions).map((name) => [named(name), value(name)]))
}
