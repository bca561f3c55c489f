import type { JsonValue } from "../../../src/model/json-value.ts"
import type { Template } from "../sam-template.ts"
import { valueAt } from "../value-at.ts"

type Resources = Template["Resources"]
type Changeable = { [name: string]: JsonValue }
type Way = (resources: Resources) => void

const foreignKey = "arn:aws:kms:us-east-1:111122223333:key/1"

/** How to break an item of the checklist in a template. Each way throws where there is nothing to break. */
export const waysInTemplate: { readonly [item: string]: readonly Way[] } = {
  "every bucket is encrypted with the key": [
    without("AWS::S3::Bucket", "BucketEncryption"),
    having("AWS::S3::Bucket", {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] },
    }),
  ],
  "every bucket, queue and topic refuses requests without TLS": [
    gone("AWS::S3::BucketPolicy"),
    gone("AWS::SQS::QueuePolicy"),
    (all) => Object.assign(denial(all, "AWS::S3::BucketPolicy"), { Resource: "arn:aws:s3:::rowgate-landing/*" }),
    (all) =>
      Object.assign(denial(all, "AWS::SQS::QueuePolicy"), {
        Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "true" } },
      }),
  ],
  "every bucket blocks public access": [
    without("AWS::S3::Bucket", "PublicAccessBlockConfiguration"),
    having("AWS::S3::Bucket", {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true },
    }),
  ],
  "every bucket keeps earlier versions of its objects": [without("AWS::S3::Bucket", "VersioningConfiguration")],
  "every bucket disables ACLs": [
    without("AWS::S3::Bucket", "OwnershipControls"),
    having("AWS::S3::Bucket", { OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } }),
  ],
  "messages to the topic of the alarms are encrypted with the key": [
    without("AWS::SNS::Topic", "KmsMasterKeyId"),
    having("AWS::SNS::Topic", { KmsMasterKeyId: "alias/aws/sns" }),
    gone("AWS::SNS::Topic"),
  ],
  "the database, its master password and its performance data are encrypted with the key": [
    without("AWS::RDS::DBInstance", "MasterUserSecret"),
    without("AWS::RDS::DBInstance", "PerformanceInsightsKMSKeyId"),
    having("AWS::RDS::DBInstance", { KmsKeyId: foreignKey }),
    without("AWS::RDS::DBInstance", "StorageEncrypted"),
    without("AWS::RDS::DBInstance", "KmsKeyId"),
  ],
  "the database refuses connections without TLS": [
    having("AWS::RDS::DBParameterGroup", { Parameters: { "rds.force_ssl": "0" } }),
    without("AWS::RDS::DBInstance", "DBParameterGroupName"),
  ],
  "the log of the database quotes no row": [
    having("AWS::RDS::DBParameterGroup", { Parameters: { log_error_verbosity: "terse" } }),
    having("AWS::RDS::DBParameterGroup", { Parameters: { log_min_messages: "log" } }),
  ],
  "every function verifies the certificate of the database": [
    variable("DATABASE_URL", "postgres://u@db/x?sslmode=require"),
    variable("LANDING_BUCKET", "0", "NODE_TLS_REJECT_UNAUTHORIZED"),
  ],
  "RDS keeps the master password in Secrets Manager and rotates it": [without("AWS::RDS::DBInstance", "ManageMasterUserPassword")],
  "the loader and the sweeper log in with IAM tokens, not with a password": [variable("DATABASE_AUTH", "password")],
  "no template, variable or Terraform state holds a password": [
    variable("DATABASE_URL", "postgres://load:hunter2@db/x"),
    variable("LANDING_BUCKET", "hunter2", "PGPASSWORD"),
    having("AWS::S3::Bucket", { MasterUserPassword: "hunter2" }),
  ],
  "every function is in private subnets without a route to the internet": [
    without("AWS::Lambda::Function", "VpcConfig"),
    added("AWS::EC2::InternetGateway"),
  ],
  "functions reach S3, Secrets Manager and Step Functions through VPC endpoints, and nothing of other accounts": [
    endpoint("OwnBuckets", { Resource: "arn:aws:s3:::*landing*" }),
    endpoint("OwnAccount", { Resource: "*" }),
    endpoint("OwnAccount", { Condition: {} }),
    endpoint("OwnAccount", { Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } } }),
    gone("AWS::EC2::VPCEndpoint"),
    without("AWS::EC2::VPCEndpoint", "PolicyDocument"),
    having("AWS::EC2::VPCEndpoint", {
      PolicyDocument: { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }] },
    }),
  ],
  "security groups admit other security groups, never addresses": [
    having("AWS::EC2::SecurityGroupIngress", { CidrIp: "0.0.0.0/0" }),
    having("AWS::EC2::SecurityGroup", { SecurityGroupIngress: [{ CidrIpv6: "::/0", IpProtocol: "-1" }] }),
  ],
  "security groups let nothing connect to addresses, except for S3": [
    having("AWS::EC2::SecurityGroupEgress", { CidrIp: "0.0.0.0/0" }),
    having("AWS::EC2::SecurityGroup", { SecurityGroupEgress: [{ CidrIp: "0.0.0.0/0", IpProtocol: "-1" }] }),
    without("AWS::EC2::SecurityGroup", "SecurityGroupEgress"),
  ],
  "every function has its own role": [
    (all) => {
      const [one, other] = Object.values(all).filter(({ Type }) => Type === "AWS::Lambda::Function")
      Object.assign(other?.Properties ?? {}, { Role: one?.Properties["Role"] })
    },
  ],
  "every role may do what permissions.json says, and nothing else": [
    statement("Parts", { Action: ["s3:GetObject", "s3:PutObject", "s3:PutBucketPolicy"] }),
    statement("Parts", { Resource: "arn:aws:s3:::rowgate-processing/*" }),
    statement("ReadLanding", { Resource: "arn:aws:s3:::elsewhere/*" }),
    statement("FollowMaps", { Resource: "arn:aws:states:us-east-1:111122223333:execution:rowgate*:*" }),
    statement("WriteLogs", { Resource: "arn:aws:logs:us-east-1:111122223333:log-group:*" }),
    statement("UseKey", { Condition: {} }),
    statement("UseKey", { Resource: "arn:aws:kms:us-east-1:111122223333:key/*" }),
    statement("Trace", { NotAction: "iam:*" }),
    having("AWS::IAM::Role", { ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
    having("AWS::IAM::Role", {
      Policies: [{ PolicyDocument: { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] } }],
    }),
    ...["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::UserPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::AccessKey"].map(added),
    (all) => {
      for (const [id, { Type }] of Object.entries(all))
        if (Type === "AWS::IAM::Role")
          Object.assign(all, {
            [`Policy${id}`]: {
              Type: "AWS::IAM::ManagedPolicy",
              Properties: { Roles: [{ Ref: id }], PolicyDocument: { Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }] } },
            },
          })
    },
  ],
  "only the statements listed below apply to all resources": [
    statement("ListProcessing", { Resource: "*" }),
    statement("ListProcessing", { Action: "s3:*" }),
  ],
  "no role and no policy of a resource admits another account": [
    ...["*", "arn:aws:iam::111122223333:root", "arn:aws:iam::123456789012:root"].map((AWS) =>
      trust({ Principal: { Service: "lambda.amazonaws.com", AWS } }),
    ),
    trust({ Principal: { Service: "*" } }),
    ...["AWS::SecretsManager::ResourcePolicy", "AWS::S3::AccessPoint"].map(added),
    having("AWS::KMS::Key", { KeyPolicy: { Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }] } }),
    (all) => Object.assign(denial(all, "AWS::SQS::QueuePolicy"), { Effect: "Allow" }),
    (all) => Object.assign(denial(all, "AWS::S3::BucketPolicy"), { Effect: "Allow" }),
    added("AWS::Lambda::Url"),
    (all) => Object.assign(all, { Added: { Type: "AWS::Lambda::Permission", Properties: { Principal: "111122223333" } } }),
  ],
  "services of AWS are admitted only on behalf of this account, with the exceptions listed below": [
    admission("AWS::SQS::QueuePolicy", "PolicyDocument", { Condition: {} }),
    admission("AWS::SQS::QueuePolicy", "PolicyDocument", { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } }),
    admission("AWS::KMS::Key", "KeyPolicy", { Condition: {} }),
    ...["states", "events", "scheduler"].map((service) => trust({ Condition: {} }, service)),
    (all) => Object.assign(all, { Added: { Type: "AWS::Lambda::Permission", Properties: { Principal: "s3.amazonaws.com" } } }),
  ],
  "CloudTrail records API calls and access to objects, in encrypted and signed files": [
    ...[{ ReadWriteType: "WriteOnly" }, { IncludeManagementEvents: false }, { DataResources: [] }].map(selector),
    without("AWS::CloudTrail::Trail", "EnableLogFileValidation"),
    without("AWS::CloudTrail::Trail", "KMSKeyId"),
    without("AWS::CloudTrail::Trail", "EventSelectors"),
  ],
  "VPC flow logs record all connections": [having("AWS::EC2::FlowLog", { TrafficType: "REJECT" }), gone("AWS::EC2::FlowLog")],
  "GuardDuty is on, also for objects in S3 and logins to the database": [
    having("AWS::GuardDuty::Detector", { Enable: false }),
    gone("AWS::GuardDuty::Detector"),
    without("AWS::GuardDuty::Detector", "Features"),
  ],
  "Security Hub is on": [gone("AWS::SecurityHub::Hub")],
  "the variables of every function are encrypted with the key": [
    without("AWS::Lambda::Function", "KmsKeyArn"),
    having("AWS::Lambda::Function", { KmsKeyArn: foreignKey }),
  ],
  "every log is encrypted with the key and expires": [
    without("AWS::Logs::LogGroup", "RetentionInDays"),
    without("AWS::Logs::LogGroup", "KmsKeyId"),
    having("AWS::Logs::LogGroup", { KmsKeyId: foreignKey }),
    without("AWS::Lambda::Function", "LoggingConfig"),
  ],
  "the log of the state machine contains neither input nor output": [
    having("AWS::StepFunctions::StateMachine", { LoggingConfiguration: { Level: "ALL", IncludeExecutionData: true } }),
  ],
  "the database has daily backups and deletion protection": [
    without("AWS::RDS::DBInstance", "DeletionProtection"),
    having("AWS::RDS::DBInstance", { BackupRetentionPeriod: 0 }),
  ],
  "the database has no public address": [having("AWS::RDS::DBInstance", { PubliclyAccessible: true })],
  "failed events go to a queue that is encrypted with the key": [
    without("AWS::SQS::Queue", "KmsMasterKeyId"),
    having("AWS::SQS::Queue", { KmsMasterKeyId: "alias/aws/sqs" }),
    without("AWS::Lambda::Function", "DeadLetterConfig"),
  ],
  "AWS rotates the key every year": [without("AWS::KMS::Key", "EnableKeyRotation")],
}

function propertiesOf(resources: Resources, type: string): Changeable {
  const found = Object.values(resources).find(({ Type }) => Type === type)
  if (found === undefined) throw new Error(`The template has no ${type}.`)
  return found.Properties
}

/** The statement in the first policy of a type that denies something. */
function denial(resources: Resources, type: string): Changeable {
  const { Statement } = propertiesOf(resources, type)["PolicyDocument"] as { readonly Statement: readonly Changeable[] }
  const found = Statement.find(({ Effect }) => Effect === "Deny")
  if (found === undefined) throw new Error(`The first ${type} denies nothing.`)
  return found
}

/** Takes a property out of the first resource of a type. */
function without(type: string, name: string): Way {
  return (all) => {
    const properties = propertiesOf(all, type)
    if (!(name in properties)) throw new Error(`The first ${type} has no ${name}.`)
    delete properties[name]
  }
}

/** Changes properties of the first resource of a type. */
function having(type: string, properties: Changeable): Way {
  return (all) => {
    Object.assign(propertiesOf(all, type), properties)
  }
}

/** Takes the first resource of a type out. */
function gone(type: string): Way {
  return (all) => {
    const [id] = Object.entries(all).find(([, { Type }]) => Type === type) ?? []
    if (id === undefined) throw new Error(`The template has no ${type}.`)
    delete (all as { [id: string]: unknown })[id]
  }
}

function added(type: string): Way {
  return (all) => {
    Object.assign(all, { Added: { Type: type, Properties: {} } })
  }
}

/** Changes the statement with this id in the policy of an endpoint. */
function endpoint(sid: string, changes: Changeable): Way {
  return (all) => {
    const statements = Object.values(all).flatMap(({ Type, Properties }) =>
      Type === "AWS::EC2::VPCEndpoint" ? (valueAt(Properties["PolicyDocument"], "Statement") as unknown as readonly Changeable[]) : [],
    )
    const found = statements.find(({ Sid }) => Sid === sid)
    if (found === undefined) throw new Error(`No endpoint has the statement ${sid}.`)
    Object.assign(found, changes)
  }
}

/** Changes the first statement of the first policy of a type that admits a service. */
function admission(type: string, property: string, changes: Changeable): Way {
  return (all) => {
    const statements = valueAt(propertiesOf(all, type)[property], "Statement") as unknown as readonly Changeable[]
    const found = statements.find(({ Principal }) => valueAt(Principal, "Service") !== undefined)
    if (found === undefined) throw new Error(`The first ${type} admits no service.`)
    Object.assign(found, changes)
  }
}

/** Changes the trust policy of the first role that a service may take. */
function trust(changes: Changeable, service = "lambda"): Way {
  return (all) => {
    const statements = Object.values(all).flatMap(({ Type, Properties }) =>
      Type === "AWS::IAM::Role" ? (valueAt(Properties["AssumeRolePolicyDocument"], "Statement") as unknown as readonly Changeable[]) : [],
    )
    const found = statements.find(({ Principal }) => valueAt(Principal, "Service") === `${service}.amazonaws.com`)
    if (found === undefined) throw new Error(`No role is for ${service}.`)
    Object.assign(found, changes)
  }
}

/** Changes the first event selector of the trail. */
function selector(changes: Changeable): Way {
  return (all) => {
    const [first] = (propertiesOf(all, "AWS::CloudTrail::Trail")["EventSelectors"] ?? []) as unknown as readonly Changeable[]
    if (first === undefined) throw new Error("The trail has no event selector.")
    Object.assign(first, changes)
  }
}

/** Changes a variable of the first function that has it, or sets another one there. */
function variable(name: string, value: string, other = name): Way {
  return (all) => {
    for (const { Type, Properties } of Object.values(all)) {
      const variables = (Properties as { readonly Environment?: { readonly Variables?: Changeable } } | undefined)?.Environment?.Variables
      if (Type !== "AWS::Lambda::Function" || variables === undefined || !(name in variables)) continue
      variables[other] = value
      return
    }
    throw new Error(`No function has the variable ${name}.`)
  }
}

/** Changes the first statement of a role with this id. */
function statement(sid: string, changes: Changeable): Way {
  return (all) => {
    for (const { Type, Properties } of Object.values(all)) {
      if (Type !== "AWS::IAM::Role") continue
      const { Policies = [] } = Properties as {
        readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Changeable[] } }[]
      }
      const found = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).find(({ Sid }) => Sid === sid)
      if (found === undefined) continue
      Object.assign(found, changes)
      return
    }
    throw new Error(`No role has the statement ${sid}.`)
  }
}
