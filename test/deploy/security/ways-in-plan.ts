import type { JsonValue } from "../../../src/model/json-value.ts"
import type { Planned } from "./read-plan.ts"

type Changeable = { [name: string]: JsonValue }
type Way = (resources: Planned[]) => void

const foreignKey = "arn:aws:kms:us-east-1:111122223333:key/1"

/** How to break an item of the checklist in a plan of Terraform. Each way throws where there is nothing to break. */
export const waysInPlan: { readonly [item: string]: readonly Way[] } = {
  "every bucket is encrypted with the key": [
    gone("aws_s3_bucket_server_side_encryption_configuration"),
    having("aws_s3_bucket_server_side_encryption_configuration", {
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
    }),
    having("aws_s3_bucket_server_side_encryption_configuration", {
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms", kms_master_key_id: "alias/aws/s3" }] }],
    }),
  ],
  "every bucket, queue and topic refuses requests without TLS": [
    gone("aws_sns_topic_policy"),
    statement("aws_sns_topic_policy", "OnlyTls", { Effect: "Allow" }),
    gone("aws_s3_bucket_policy"),
    gone("aws_sqs_queue_policy"),
    statement("aws_s3_bucket_policy", "OnlyTls", { Resource: "arn:aws:s3:::rowgate-landing/*" }),
    statement("aws_s3_bucket_policy", "OnlyTls", { Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "true" } } }),
  ],
  "every bucket blocks public access": [
    gone("aws_s3_bucket_public_access_block"),
    having("aws_s3_bucket_public_access_block", { block_public_policy: false }),
  ],
  "every bucket keeps earlier versions of its objects": [
    gone("aws_s3_bucket_versioning"),
    having("aws_s3_bucket_versioning", { versioning_configuration: [{ status: "Suspended" }] }),
  ],
  "every bucket disables ACLs": [
    gone("aws_s3_bucket_ownership_controls"),
    having("aws_s3_bucket_ownership_controls", { rule: [{ object_ownership: "ObjectWriter" }] }),
  ],
  "messages to the topic of the alarms are encrypted with the key": [
    having("aws_sns_topic", { kms_master_key_id: null }),
    having("aws_sns_topic", { kms_master_key_id: "alias/aws/sns" }),
    gone("aws_sns_topic"),
  ],
  "the database, its master password and its performance data are encrypted with the key": [
    having("aws_db_instance", { master_user_secret_kms_key_id: null }),
    having("aws_db_instance", { performance_insights_kms_key_id: null }),
    having("aws_db_instance", { kms_key_id: foreignKey }),
    having("aws_db_instance", { storage_encrypted: false }),
    having("aws_db_instance", { kms_key_id: null }),
  ],
  "the database refuses connections without TLS": [having("aws_db_parameter_group", { parameter: [] })],
  "the log of the database quotes no row": [
    having("aws_db_parameter_group", { parameter: [{ name: "log_error_verbosity", value: "terse" }] }),
    having("aws_db_parameter_group", { parameter: [{ name: "log_min_messages", value: "log" }] }),
  ],
  "every function verifies the certificate of the database": [
    variable("DATABASE_URL", "postgres://u@db/x?sslmode=require"),
    variable("LANDING_BUCKET", "0", "NODE_TLS_REJECT_UNAUTHORIZED"),
  ],
  "RDS keeps the master password in Secrets Manager and rotates it": [having("aws_db_instance", { manage_master_user_password: null })],
  "the loader and the sweeper log in with IAM tokens, not with a password": [
    variable("DATABASE_AUTH", "password"),
    having("aws_db_instance", { iam_database_authentication_enabled: false }),
  ],
  "no template, variable or Terraform state holds a password": [
    having("aws_db_instance", { password: "hunter2" }),
    variable("DATABASE_URL", "postgres://load:hunter2@db/x"),
    variable("LANDING_BUCKET", "hunter2", "PGPASSWORD"),
  ],
  "every function is in private subnets without a route to the internet": [
    having("aws_lambda_function", { vpc_config: [] }),
    having("aws_subnet", { map_public_ip_on_launch: true }),
    added("aws_internet_gateway"),
  ],
  "functions reach S3, Secrets Manager and Step Functions through VPC endpoints, and nothing of other accounts": [
    statement("aws_vpc_endpoint", "OwnBuckets", { Resource: "arn:aws:s3:::*landing*" }),
    statement("aws_vpc_endpoint", "OwnAccount", { Resource: "*" }),
    statement("aws_vpc_endpoint", "OwnAccount", { Condition: null }),
    statement("aws_vpc_endpoint", "OwnAccount", { Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } } }),
    gone("aws_vpc_endpoint"),
    statement("aws_vpc_endpoint", "OwnBuckets", { Resource: "*" }),
    (all) => {
      for (const { type, values } of all) if (type === "aws_vpc_endpoint") delete (values as Changeable)["policy"]
    },
  ],
  "security groups admit other security groups, never addresses": [
    having("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "0.0.0.0/0" }),
    added("aws_security_group_rule"),
  ],
  "security groups let nothing connect to addresses, except for S3": [
    having("aws_vpc_security_group_egress_rule", { cidr_ipv4: "0.0.0.0/0" }),
    having("aws_security_group", { egress: [{ cidr_blocks: ["0.0.0.0/0"] }] }),
  ],
  "every function has its own role": [
    (all) => {
      for (const { type, values } of all) if (type === "aws_lambda_function") Object.assign(values, { role: "shared" })
    },
  ],
  "every role may do what permissions.json says, and nothing else": [
    statement("aws_iam_role_policy", "Parts", { Action: ["s3:GetObject", "s3:PutBucketPolicy"] }),
    statement("aws_iam_role_policy", "Parts", { Resource: "arn:aws:s3:::rowgate-processing/*" }),
    statement("aws_iam_role_policy", "ReadLanding", { Resource: "arn:aws:s3:::elsewhere/*" }),
    statement("aws_iam_role_policy", "FollowMaps", { Resource: "arn:aws:states:us-east-1:111122223333:execution:rowgate*:*" }),
    statement("aws_iam_role_policy", "WriteLogs", { Resource: "arn:aws:logs:us-east-1:111122223333:log-group:*" }),
    statement("aws_iam_role_policy", "UseKey", { Condition: null }),
    statement("aws_iam_role_policy", "UseKey", { Resource: "arn:aws:kms:us-east-1:111122223333:key/*" }),
    statement("aws_iam_role_policy", "Trace", { NotAction: "iam:*" }),
    having("aws_iam_role", { managed_policy_arns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
    (all) => {
      for (const { type, values } of all) if (type === "aws_iam_role") Object.assign(values, { assume_role_policy: "{}" })
    },
    (all) => all.push({ address: "aws_iam_role.added", type: "aws_iam_role", values: { name: "added" } }),
    ...["aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "aws_iam_user", "aws_iam_access_key"].map(added),
  ],
  "only the statements listed below apply to all resources": [
    statement("aws_iam_role_policy", "ListProcessing", { Resource: "*" }),
    statement("aws_iam_role_policy", "ListProcessing", { Action: "s3:*" }),
  ],
  "no role and no policy of a resource admits another account": [
    ...["*", "arn:aws:iam::111122223333:root", "arn:aws:iam::123456789012:root"].map((AWS) =>
      trust({ Principal: { Service: "lambda.amazonaws.com", AWS } }),
    ),
    trust({ Principal: { Service: "*" } }),
    having("aws_sqs_queue", { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*" }] }) }),
    ...["aws_kms_grant", "aws_secretsmanager_secret_policy", "aws_s3_bucket_acl", "aws_s3_access_point"].map(added),
    statement("aws_kms_key", "Account", { Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
    statement("aws_sqs_queue_policy", "RuleSends", { Principal: "*" }),
    statement("aws_s3_bucket_policy", "OnlyTls", { Effect: "Allow" }),
    added("aws_lambda_function_url"),
    (all) => all.push({ address: "added", type: "aws_lambda_permission", values: { principal: "111122223333" } }),
  ],
  "services of AWS are admitted only on behalf of this account, with the exceptions listed below": [
    ...[
      ["aws_sqs_queue_policy", "RuleSends"],
      ["aws_s3_bucket_policy", "TrailWrites"],
      ["aws_s3_bucket_policy", "TrailReadsAcl"],
      ["aws_sns_topic_policy", "Alarms"],
      ["aws_kms_key", "Logs"],
      ["aws_kms_key", "DeadLetters"],
      ["aws_kms_key", "Topic"],
      ["aws_kms_key", "Trail"],
    ].map(([type = "", sid = ""]) => statement(type, sid, { Condition: null })),
    statement("aws_sqs_queue_policy", "RuleSends", { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } }),
    statement("aws_sqs_queue_policy", "RuleSends", { Condition: { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } } }),
    ...["states", "events", "scheduler", "vpc-flow-logs"].map((service) => trust({ Condition: null }, service)),
    (all) => all.push({ address: "added", type: "aws_lambda_permission", values: { principal: "s3.amazonaws.com" } }),
  ],
  "CloudTrail records API calls and access to objects, in encrypted and signed files": [
    ...["Changes to resources", "Objects of the buckets"].flatMap((name) => [
      selector(name, (fields) => fields.push({ field: "readOnly", equals: ["false"] })),
      selector(name, (fields) => fields.splice(0)),
    ]),
    having("aws_cloudtrail", { kms_key_id: foreignKey }),
    having("aws_cloudtrail", { enable_log_file_validation: false }),
    having("aws_cloudtrail", { kms_key_id: null }),
    having("aws_cloudtrail", { advanced_event_selector: [] }),
    having("aws_cloudtrail", { is_multi_region_trail: false }),
  ],
  "VPC flow logs record all connections": [having("aws_flow_log", { traffic_type: "REJECT" }), gone("aws_flow_log")],
  "GuardDuty is on, also for objects in S3 and logins to the database": [
    having("aws_guardduty_detector", { enable: false }),
    gone("aws_guardduty_detector"),
    gone("aws_guardduty_detector_feature"),
  ],
  "Security Hub is on": [gone("aws_securityhub_account")],
  "the variables of every function are encrypted with the key": [
    having("aws_lambda_function", { kms_key_arn: null }),
    having("aws_lambda_function", { kms_key_arn: foreignKey }),
  ],
  "every log is encrypted with the key and expires": [
    having("aws_cloudwatch_log_group", { retention_in_days: 0 }),
    having("aws_cloudwatch_log_group", { kms_key_id: null }),
    having("aws_cloudwatch_log_group", { kms_key_id: foreignKey }),
    having("aws_lambda_function", { logging_config: [] }),
  ],
  "the log of the state machine contains neither input nor output": [
    having("aws_sfn_state_machine", { logging_configuration: [{ level: "ALL", include_execution_data: true }] }),
  ],
  "the database has daily backups and deletion protection": [
    having("aws_db_instance", { deletion_protection: false }),
    having("aws_db_instance", { skip_final_snapshot: true }),
    having("aws_db_instance", { backup_retention_period: 0 }),
  ],
  "the database has no public address": [having("aws_db_instance", { publicly_accessible: true })],
  "failed events go to a queue that is encrypted with the key": [
    having("aws_sqs_queue", { kms_master_key_id: null }),
    having("aws_sqs_queue", { kms_master_key_id: "alias/aws/sqs" }),
    having("aws_lambda_function", { dead_letter_config: [] }),
  ],
  "AWS rotates the key every year": [having("aws_kms_key", { enable_key_rotation: false })],
}

/** Takes the first resource of a type out. */
function gone(type: string): Way {
  return (all) => {
    const at = all.findIndex((each) => each.type === type)
    if (at < 0) throw new Error(`The plan has no ${type}.`)
    all.splice(at, 1)
  }
}

/** Changes arguments of the first resource of a type. */
function having(type: string, values: Changeable): Way {
  return (all) => {
    const found = all.find((each) => each.type === type)
    if (found === undefined) throw new Error(`The plan has no ${type}.`)
    Object.assign(found.values, values)
  }
}

function added(type: string): Way {
  return (all) => {
    all.push({ address: `${type}.added`, type, values: {} })
  }
}

/** Changes the trust policy of the first role that a service may take. */
function trust(changes: Changeable, service = "lambda"): Way {
  return (all) => {
    const found = all.find(
      ({ type, values }) => type === "aws_iam_role" && String(values["assume_role_policy"]).includes(`"${service}.amazonaws.com"`),
    )
    if (found === undefined) throw new Error(`No role is for ${service}.`)
    const { Statement }: { readonly Statement: readonly Changeable[] } = JSON.parse(String(found.values["assume_role_policy"]))
    Object.assign(found.values, { assume_role_policy: JSON.stringify({ Statement: [{ ...Statement[0], ...changes }] }) })
  }
}

/** Changes the fields that an event selector of the trail tests. */
function selector(name: string, change: (fields: JsonValue[]) => void): Way {
  return (all) => {
    const selectors = all.find(({ type }) => type === "aws_cloudtrail")?.values["advanced_event_selector"] as
      | readonly { readonly name: string; readonly field_selector: JsonValue[] }[]
      | undefined
    const found = selectors?.find((each) => each.name === name)
    if (found === undefined) throw new Error(`No trail has the selector "${name}".`)
    change(found.field_selector)
  }
}

/** Changes a variable of the first function that has it, or sets another one there. */
function variable(name: string, value: string, other = name): Way {
  return (all) => {
    for (const { type, values } of all) {
      const [environment] = (values["environment"] ?? []) as readonly { readonly variables?: Changeable }[]
      if (type !== "aws_lambda_function" || environment?.variables?.[name] === undefined) continue
      environment.variables[other] = value
      return
    }
    throw new Error(`No function has the variable ${name}.`)
  }
}

/** Changes the first statement with this id in the policies of a type. */
function statement(of: string, sid: string, changes: Changeable): Way {
  return (all) => {
    for (const { type, values } of all) {
      if (type !== of || values["policy"] === undefined) continue
      const policy: { readonly Statement: readonly Changeable[] } = JSON.parse(String(values["policy"]))
      const found = policy.Statement.find(({ Sid }) => Sid === sid)
      if (found === undefined) continue
      Object.assign(found, changes)
      Object.assign(values, { policy: JSON.stringify(policy) })
      return
    }
    throw new Error(`No ${of} has the statement ${sid}.`)
  }
}
