import type { JsonValue } from "../../../src/model/json-value.ts"
import type { Template, TemplateResource } from "../sam-template.ts"
import { valueAt } from "../value-at.ts"
import { admittedBy, permissionPolicy } from "./admitted.ts"
import { type Deployed, type DeployedRole, deniesPlainText, deployedStatements, listOf, passwordsIn, statementsOf } from "./deployed.ts"
import { knownTypes } from "./known-types.ts"

type Found = readonly [string, TemplateResource["Properties"]]

/** Reads a template of CloudFormation. */
export function readTemplate({ Resources: resources }: Template): Deployed {
  const all = (type: string): readonly Found[] =>
    Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => (Type === type ? [[id, Properties] as const] : []))
  const policyOf = (type: string, property: string, id: string) =>
    all(type).find(([, policy]) => textOf(policy[property]).includes(`\${${id}}`))?.[1]["PolicyDocument"]
  const isKey = (value: JsonValue | undefined) =>
    all("AWS::KMS::Key").some(([id]) => [`\${${id}.Arn}`, `\${${id}}`].includes(textOf(value)))
  return {
    buckets: all("AWS::S3::Bucket").map(([name, bucket]) => {
      const encryption = valueAt(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault")
      const block = valueAt(bucket, "PublicAccessBlockConfiguration")
      return {
        name,
        arn: `\${${name}.Arn}`,
        disablesAcls: valueAt(bucket, "OwnershipControls", "Rules", 0, "ObjectOwnership") === "BucketOwnerEnforced",
        hasKey: valueAt(encryption, "SSEAlgorithm") === "aws:kms" && isKey(valueAt(encryption, "KMSMasterKeyID")),
        versioned: valueAt(bucket, "VersioningConfiguration", "Status") === "Enabled",
        blocksPublic: ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].every(
          (each) => valueAt(block, each) === true,
        ),
        onlyTls: deniesPlainText(policyOf("AWS::S3::BucketPolicy", "Bucket", name)),
      }
    }),
    databases: all("AWS::RDS::DBInstance").map(([name, database]) => {
      const [group] = referencesIn(database["DBParameterGroupName"])
      const parameters = valueAt(resources[group ?? ""]?.Properties, "Parameters")
      return {
        name,
        encrypted: database["StorageEncrypted"] === true,
        hasKey: [database["KmsKeyId"], valueAt(database, "MasterUserSecret", "KmsKeyId"), database["PerformanceInsightsKMSKeyId"]].every(
          isKey,
        ),
        forcesTls: String(valueAt(parameters, "rds.force_ssl")) === "1",
        logsNoRows: valueAt(parameters, "log_error_verbosity") === "terse" && valueAt(parameters, "log_min_messages") === "log",
        isPublic: database["PubliclyAccessible"] !== false,
        managesPassword: database["ManageMasterUserPassword"] === true && database["MasterUserPassword"] === undefined,
        tokens: database["EnableIAMDatabaseAuthentication"] === true,
        backupDays: Number(database["BackupRetentionPeriod"] ?? 0),
        protected: database["DeletionProtection"] === true && resources[name]?.DeletionPolicy !== "Delete",
      }
    }),
    functions: all("AWS::Lambda::Function").map(([, each]) => ({
      name: textOf(each["FunctionName"]).replace(/^.*-/, ""),
      role: referencesIn(each["Role"])[0] ?? textOf(each["Role"]),
      inVpc:
        listOf(valueAt(each, "VpcConfig", "SubnetIds")).length > 0 && listOf(valueAt(each, "VpcConfig", "SecurityGroupIds")).length > 0,
      environment: Object.fromEntries(
        Object.entries((valueAt(each, "Environment", "Variables") as { [name: string]: JsonValue } | undefined) ?? {}).map(
          ([name, value]) => [name, textOf(value)],
        ),
      ),
      hasKey: isKey(each["KmsKeyArn"]),
      hasDeadLetters: valueAt(each, "DeadLetterConfig", "TargetArn") !== undefined,
      hasLogGroup: all("AWS::Logs::LogGroup").some(([id]) => referencesIn(valueAt(each, "LoggingConfig", "LogGroup")).includes(id)),
    })),
    roles: all("AWS::IAM::Role").map(([id, role]) => roleOf(id, role, resources)),
    otherIdentities: Object.entries(resources).flatMap(([id, { Type }]) =>
      Type.startsWith("AWS::IAM::") && !["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].includes(Type) ? [id] : [],
    ),
    admitted: [
      // Any property may hold a policy. The items about roles and endpoints read the others.
      ...Object.entries(resources)
        .filter(([, { Type }]) => !["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::EC2::VPCEndpoint"].includes(Type))
        .flatMap(([name, { Type, Properties = {} }]) =>
          Object.values(Properties).flatMap((value) => admittedBy(name, Type, value, textOf)),
        ),
      ...["AWS::Lambda::Permission", "AWS::Lambda::Url"].flatMap((type) =>
        all(type).flatMap(([name, { Principal, SourceArn, SourceAccount }]) =>
          admittedBy(name, type, permissionPolicy(Principal, SourceArn, SourceAccount), textOf),
        ),
      ),
    ],
    unread: Object.entries(resources).flatMap(([id, { Type }]) => (knownTypes.includes(Type) ? [] : [id])),
    stateMachines: all("AWS::StepFunctions::StateMachine").map(([name, machine]) => ({
      name,
      logsValues: valueAt(machine, "LoggingConfiguration", "IncludeExecutionData") !== false,
    })),
    logGroups: all("AWS::Logs::LogGroup").map(([name, group]) => ({
      name,
      // A parameter takes the numbers of days that CloudWatch knows.
      days: group["RetentionInDays"] === undefined ? undefined : Number(group["RetentionInDays"]) || 1,
      hasKey: isKey(group["KmsKeyId"]),
    })),
    queues: all("AWS::SQS::Queue").map(([name, queue]) => ({
      name,
      hasKey: isKey(queue["KmsMasterKeyId"]),
      onlyTls: deniesPlainText(policyOf("AWS::SQS::QueuePolicy", "Queues", name)),
    })),
    topics: all("AWS::SNS::Topic").map(([name, topic]) => ({
      name,
      hasKey: isKey(topic["KmsMasterKeyId"]),
      onlyTls: deniesPlainText(policyOf("AWS::SNS::TopicPolicy", "Topics", name)),
    })),
    keys: all("AWS::KMS::Key").map(([name, key]) => ({ name, rotates: key["EnableKeyRotation"] === true })),
    waysOut: [
      ...["AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::NatGateway"].flatMap(all).map(([name]) => name),
      ...all("AWS::EC2::Subnet").flatMap(([name, subnet]) => (subnet["MapPublicIpOnLaunch"] === true ? [name] : [])),
    ],
    ingress: [
      ...all("AWS::EC2::SecurityGroupIngress").map(([name, rule]) => ({ name, fromGroup: isFromGroup(rule) })),
      ...all("AWS::EC2::SecurityGroup").flatMap(([name, group]) =>
        listOf(group["SecurityGroupIngress"]).map((rule) => ({ name, fromGroup: isFromGroup(rule) })),
      ),
    ],
    egress: [
      ...all("AWS::EC2::SecurityGroupEgress").map(([name, rule]) => ({ name, toGroupOrS3: isToGroupOrS3(rule) })),
      ...all("AWS::EC2::SecurityGroup").flatMap(([name, group]) =>
        // Without rules, a group may connect to everything.
        listOf(group["SecurityGroupEgress"] ?? "everything").map((rule) => ({ name, toGroupOrS3: isToGroupOrS3(rule) })),
      ),
    ],
    endpoints: all("AWS::EC2::VPCEndpoint").map(([, endpoint]) => ({
      service: textOf(endpoint["ServiceName"]).replace(/^.*\./, ""),
      statements: deployedStatements(endpoint["PolicyDocument"], textOf),
    })),
    trails: all("AWS::CloudTrail::Trail").map(([name, trail]) => ({
      name,
      validates: trail["EnableLogFileValidation"] === true && trail["IsLogging"] === true,
      hasKey: isKey(trail["KMSKeyId"]),
      everyRegion: trail["IsMultiRegionTrail"] === true,
      management: listOf(trail["EventSelectors"]).some(
        (selector) =>
          recordsAll(selector) &&
          valueAt(selector, "IncludeManagementEvents") !== false &&
          listOf(valueAt(selector, "ExcludeManagementEventSources")).length === 0,
      ),
      objects: listOf(trail["EventSelectors"])
        .filter(recordsAll)
        .flatMap((selector) => listOf(valueAt(selector, "DataResources")))
        .flatMap((data) => (valueAt(data, "Type") === "AWS::S3::Object" ? listOf(valueAt(data, "Values")).map(textOf) : [])),
    })),
    flowLogs: all("AWS::EC2::FlowLog").map(([name, log]) => ({ name, all: log["TrafficType"] === "ALL" })),
    detectors: all("AWS::GuardDuty::Detector").map(([name, detector]) => ({
      name,
      enabled: detector["Enable"] === true,
      features: listOf(detector["Features"]).flatMap((each) =>
        valueAt(each, "Status") === "ENABLED" ? [String(valueAt(each, "Name"))] : [],
      ),
    })),
    hubs: all("AWS::SecurityHub::Hub").length,
    passwords: passwordsIn(JSON.parse(JSON.stringify(resources)), "Resources"),
  }
}

function roleOf(id: string, role: TemplateResource["Properties"], resources: Template["Resources"]): DeployedRole {
  const attached = listOf(role["ManagedPolicyArns"])
  const own = attached.map((arn) => resources[referencesIn(arn)[0] ?? ""])
  const separate = Object.values(resources).filter(
    ({ Type, Properties: policy }) =>
      (Type === "AWS::IAM::Policy" || Type === "AWS::IAM::ManagedPolicy") && referencesIn(policy["Roles"] ?? []).includes(id),
  )
  const policies = [
    ...listOf(role["Policies"]).map((policy) => valueAt(policy, "PolicyDocument")),
    ...[...own, ...separate].map((policy) => policy?.Properties["PolicyDocument"]),
  ]
  return {
    id,
    services: statementsOf(role["AssumeRolePolicyDocument"]).map(({ Principal }) => textOf(valueAt(Principal, "Service"))),
    statements: policies.flatMap((policy) => deployedStatements(policy, textOf)),
    foreignPolicies: attached.filter((_, at) => own[at]?.Type !== "AWS::IAM::ManagedPolicy").map(textOf),
  }
}

function recordsAll(selector: JsonValue): boolean {
  return (valueAt(selector, "ReadWriteType") ?? "All") === "All"
}

/** CloudFormation does not know the addresses of S3. A rule for it names all of them, so what the routes lead to decides. */
function isToGroupOrS3(rule: JsonValue): boolean {
  const [v4, v6] = [valueAt(rule, "CidrIp"), valueAt(rule, "CidrIpv6")]
  if (v6 !== undefined) return false
  if (v4 === "0.0.0.0/0")
    return valueAt(rule, "Description") === "S3" && ["FromPort", "ToPort"].every((port) => valueAt(rule, port) === 443)
  return v4 === "255.255.255.255/32" || valueAt(rule, "DestinationSecurityGroupId") !== undefined
}

function isFromGroup(rule: JsonValue): boolean {
  return (
    valueAt(rule, "SourceSecurityGroupId") !== undefined && valueAt(rule, "CidrIp") === undefined && valueAt(rule, "CidrIpv6") === undefined
  )
}

/** The text of a value, with the functions of CloudFormation as placeholders: `${Key.Arn}`. */
function textOf(value: JsonValue | undefined): string {
  if (typeof value !== "object" || value === null) return String(value ?? "")
  if (Array.isArray(value)) return value.map(textOf).join(",")
  const [name = "", inner] = Object.entries(value)[0] ?? []
  if (Object.keys(value).length === 1) {
    if (name === "Ref") return `\${${inner}}`
    if (name === "Fn::GetAtt") return `\${${listOf(inner).join(".")}}`
    if (name === "Fn::Join")
      return listOf(valueAt(inner, 1))
        .map(textOf)
        .join(String(valueAt(inner, 0)))
    if (name === "Fn::Sub") return String(typeof inner === "string" ? inner : valueAt(inner, 0))
  }
  return Object.entries(value)
    .map(([key, each]) => `${key}=${textOf(each)}`)
    .join(",")
}

/** The ids of the resources that a value names. */
function referencesIn(value: JsonValue | undefined): readonly string[] {
  return [...textOf(value).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id = ""]) => id)
}
