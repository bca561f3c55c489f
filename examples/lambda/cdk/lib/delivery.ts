import { Duration, Stack } from "aws-cdk-lib"
import { Rule } from "aws-cdk-lib/aws-events"
import { SfnStateMachine } from "aws-cdk-lib/aws-events-targets"
import { ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import type { Bucket } from "aws-cdk-lib/aws-s3"
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler"
import type { Queue } from "aws-cdk-lib/aws-sqs"
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions"
import { Construct } from "constructs"
import { logGroup } from "./log-group.ts"
import type { Options } from "./options.ts"
import { permissions, roleWith } from "./permissions.ts"
import { settings } from "./settings.ts"
import { sharedText, type Values } from "./shared-files.ts"

interface DeliveryProps {
  readonly options: Options
  readonly key: Key
  readonly landing: Bucket
  readonly deadLetters: Queue
  /** For the placeholders of the state machine and the permissions. */
  readonly values: Values
}

/** The state machine that delivers a file, the rule that starts it for each new object, and the schedule of the sweeper. */
export class Delivery extends Construct {
  readonly stateMachine: StateMachine

  constructor(scope: Construct, { options, key, landing, deadLetters, values }: DeliveryProps) {
    super(scope, "Delivery")
    const { name, intake } = options
    // The services may only take the roles for resources of this account.
    const conditions = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } }
    const role = (id: string, service: string, statements: typeof permissions.rule) =>
      roleWith(this, `${id}Role`, {
        name: `${name}-${id.toLowerCase()}`,
        service: new ServicePrincipal(service, { conditions }),
        ...{ statements, values },
      })

    this.stateMachine = new StateMachine(this, "StateMachine", {
      stateMachineName: stateMachineName(options),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(sharedText("state-machine.asl.json")),
      definitionSubstitutions: stepValues(values),
      role: role("Deliveries", "states.amazonaws.com", permissions.stateMachine),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false,
        destination: logGroup(this, "Logs", `/aws/vendedlogs/states/${stateMachineName(options)}`, options, key),
      },
    })

    const { exceptPrefix, retryAttempts, maximumAgeSeconds } = settings.event
    new Rule(this, "Rule", {
      ruleName: `${name}-object-created`,
      description: "Starts a delivery for each object in the landing bucket",
      enabled: intake,
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [landing.bucketName] }, object: { key: [{ "anything-but": { prefix: exceptPrefix } }] } },
      },
      targets: [
        new SfnStateMachine(this.stateMachine, {
          role: role("Rule", "events.amazonaws.com", permissions.rule),
          deadLetterQueue: deadLetters,
          retryAttempts,
          maxEventAge: Duration.seconds(maximumAgeSeconds),
        }),
      ],
    })

    for (const [functionName, { schedule }] of Object.entries(settings.functions)) {
      if (schedule === undefined) continue
      new CfnSchedule(this, "Schedule", {
        name: `${name}-${functionName}`,
        scheduleExpression: schedule,
        state: intake ? "ENABLED" : "DISABLED",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: values["SweeperFunctionArn"] ?? "",
          roleArn: role("Schedule", "scheduler.amazonaws.com", permissions.schedule).roleArn,
          // The next call does the same work.
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
        },
      })
    }
  }
}

export function stateMachineName({ name }: Options): string {
  return `${name}-deliveries`
}

/** The values that the definition uses: CloudFormation refuses others. */
function stepValues(values: Values): Record<string, string> {
  const used = new Set([...sharedText("state-machine.asl.json").matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name)))
}
