import type { JsonValue } from "../../../src/model/json-value.ts"
import { valueAt } from "../value-at.ts"
import { admittedBy, permissionPolicy } from "./admitted.ts"
import { type Deployed, deniesPlainText, deployedStatements, listOf, passwordsIn, statementsOf } from "./deployed.ts"
import { knownTypes } from "./known-types.ts"

/** A resource of a Terraform plan. */
export interface Planned {
  readonly address: string
  readonly type: string
  readonly index?: string | number
  readonly values: { readonly [argument: string]: JsonValue }
}

/**
 * Reads the plan of Terraform. A plan does not know which role AWS will create for a function or a policy. In the modules they have the same name and the
 * same key, so their addresses tell.
 */
export function readPlan(resources: readonly Planned[]): Deployed {
  const all = (...types: readonly string[]) => resources.filter(({ type }) => types.includes(type))
  const of = (type: string, argument: string, value: JsonValue | undefined) =>
    all(type).find(({ values }) => values[argument] === value)?.values
  const hasParameter = (name: string, value: string) =>
    all("aws_db_parameter_group").some(({ values: group }) =>
      listOf(group["parameter"]).some((each) => valueAt(each, "name") === name && valueAt(each, "value") === value),
    )
  const keys = all("aws_kms_key").map(({ values }) => values["arn"])
  const isKey = (value: JsonValue | undefined) => isGiven(value) && keys.includes(value)
  return {
    buckets: all("aws_s3_bucket").map(({ values: { bucket } }) => {
      const encryption = valueAt(
        of("aws_s3_bucket_server_side_encryption_configuration", "bucket", bucket),
        "rule",
        0,
        "apply_server_side_encryption_by_default",
        0,
      )
      const block = of("aws_s3_bucket_public_access_block", "bucket", bucket)
      return {
        name: String(bucket),
        arn: `arn:aws:s3:::${bucket}`,
        disablesAcls:
          valueAt(of("aws_s3_bucket_ownership_controls", "bucket", bucket), "rule", 0, "object_ownership") === "BucketOwnerEnforced",
        hasKey: valueAt(encryption, "sse_algorithm") === "aws:kms" && isKey(valueAt(encryption, "kms_master_key_id")),
        versioned: valueAt(of("aws_s3_bucket_versioning", "bucket", bucket), "versioning_configuration", 0, "status") === "Enabled",
        blocksPublic: ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].every(
          (each) => valueAt(block, each) === true,
        ),
        onlyTls: deniesPlainText(policyIn(of("aws_s3_bucket_policy", "bucket", bucket)?.["policy"])),
      }
    }),
    databases: all("aws_db_instance").map(({ values }) => ({
      name: String(values["identifier"]),
      encrypted: values["storage_encrypted"] === true,
      hasKey: ["kms_key_id", "master_user_secret_kms_key_id", "performance_insights_kms_key_id"].every((each) => isKey(values[each])),
      forcesTls: hasParameter("rds.force_ssl", "1"),
      logsNoRows: hasParameter("log_error_verbosity", "terse") && hasParameter("log_min_messages", "log"),
      isPublic: values["publicly_accessible"] !== false,
      managesPassword: values["manage_master_user_password"] === true && !isGiven(values["password"]),
      tokens: values["iam_database_authentication_enabled"] === true,
      backupDays: Number(values["backup_retention_period"] ?? 0),
      protected: values["deletion_protection"] === true && values["skip_final_snapshot"] === false,
    })),
    functions: all("aws_lambda_function").map(({ address, index, values }) => ({
      name: String(index),
      role: String(values["role"] ?? address.replace("aws_lambda_function.", "aws_iam_role.")),
      inVpc: listOf(values["vpc_config"]).length > 0,
      environment: (valueAt(values, "environment", 0, "variables") as { readonly [name: string]: string } | undefined) ?? {},
      hasKey: isKey(values["kms_key_arn"]),
      hasDeadLetters: listOf(values["dead_letter_config"]).length > 0,
      hasLogGroup: all("aws_cloudwatch_log_group").some(
        ({ values: group }) => group["name"] === valueAt(values, "logging_config", 0, "log_group"),
      ),
    })),
    roles: all("aws_iam_role").map(({ address, values: role }) => ({
      id: String(role["arn"] ?? address),
      services: statementsOf(policyIn(role["assume_role_policy"])).map(({ Principal }) => String(valueAt(Principal, "Service"))),
      statements: all("aws_iam_role_policy")
        .filter(({ address: at, values: { role: of } }) =>
          of === undefined ? at.replace("aws_iam_role_policy.", "aws_iam_role.") === address : of === role["name"],
        )
        .flatMap(({ values: policy }) => deployedStatements(policyIn(policy["policy"]), String)),
      foreignPolicies: [...listOf(role["managed_policy_arns"]), ...listOf(role["inline_policy"])].map((policy) => JSON.stringify(policy)),
    })),
    // Attached policies are among them: the modules have none.
    otherIdentities: resources
      .filter(({ type }) => type.startsWith("aws_iam_") && type !== "aws_iam_role" && type !== "aws_iam_role_policy")
      .map(({ address }) => address),
    admitted: [
      // Any argument may hold a policy, such as that of a queue without a resource of its own. The items about roles and endpoints read the others.
      ...resources
        .filter(({ type }) => type !== "aws_iam_role_policy" && type !== "aws_vpc_endpoint")
        .flatMap(({ address, type, values }) =>
          Object.values(values).flatMap((value) =>
            typeof value === "string" && /"Statement"/.test(value) ? admittedBy(address, type, policyIn(value), String) : [],
          ),
        ),
      ...all("aws_lambda_permission", "aws_lambda_function_url").flatMap(({ address, type, values }) =>
        admittedBy(address, type, permissionPolicy(values["principal"], values["source_arn"], values["source_account"]), String),
      ),
    ],
    unread: resources.flatMap(({ address, type }) => (knownTypes.includes(type) ? [] : [address])),
    stateMachines: all("aws_sfn_state_machine").map(({ values }) => ({
      name: String(values["name"]),
      logsValues: valueAt(values, "logging_configuration", 0, "include_execution_data") !== false,
    })),
    logGroups: all("aws_cloudwatch_log_group").map(({ values }) => ({
      name: String(values["name"]),
      days: Number(values["retention_in_days"]) || undefined,
      hasKey: isKey(values["kms_key_id"]),
    })),
    queues: all("aws_sqs_queue").map(({ values }) => ({
      name: String(values["name"]),
      hasKey: isKey(values["kms_master_key_id"]),
      onlyTls: all("aws_sqs_queue_policy").some(
        ({ values: policy }) => deniesPlainText(policyIn(policy["policy"])) && String(policy["policy"]).includes(`:${values["name"]}"`),
      ),
    })),
    topics: all("aws_sns_topic").map(({ values }) => ({
      name: String(values["name"]),
      hasKey: isKey(values["kms_master_key_id"]),
      onlyTls: all("aws_sns_topic_policy").some(
        ({ values: policy }) => deniesPlainText(policyIn(policy["policy"])) && String(policy["policy"]).includes(`:${values["name"]}"`),
      ),
    })),
    keys: all("aws_kms_key").map(({ address, values }) => ({ name: address, rotates: values["enable_key_rotation"] === true })),
    waysOut: [
      ...all("aws_internet_gateway", "aws_egress_only_internet_gateway", "aws_nat_gateway").map(({ address }) => address),
      ...all("aws_subnet").flatMap(({ address, values }) => (values["map_public_ip_on_launch"] === true ? [address] : [])),
    ],
    ingress: [
      ...all("aws_vpc_security_group_ingress_rule").map(({ address, values }) => ({
        name: address,
        fromGroup: !["cidr_ipv4", "cidr_ipv6", "prefix_list_id"].some((argument) => isGiven(values[argument])),
      })),
      // The older forms name addresses, so none of them may be there.
      ...all("aws_security_group_rule").map(({ address }) => ({ name: address, fromGroup: false })),
      ...all("aws_security_group", "aws_default_security_group").flatMap(({ address, values }) =>
        listOf(values["ingress"]).map(() => ({ name: address, fromGroup: false })),
      ),
    ],
    egress: [
      ...all("aws_vpc_security_group_egress_rule").map(({ address, values }) => ({
        name: address,
        toGroupOrS3: !["cidr_ipv4", "cidr_ipv6"].some((argument) => isGiven(values[argument])),
      })),
      ...all("aws_security_group", "aws_default_security_group").flatMap(({ address, values }) =>
        listOf(values["egress"]).map(() => ({ name: address, toGroupOrS3: false })),
      ),
    ],
    endpoints: all("aws_vpc_endpoint").map(({ values }) => ({
      service: String(values["service_name"]).replace(/^.*\./, ""),
      statements: deployedStatements(policyIn(values["policy"]), String),
    })),
    trails: all("aws_cloudtrail").map(({ values }) => ({
      name: String(values["name"]),
      validates: values["enable_log_file_validation"] === true && values["enable_logging"] === true,
      hasKey: isKey(values["kms_key_id"]),
      everyRegion: values["is_multi_region_trail"] === true,
      management: selected(values, ["eventCategory"]).some((fields) => fields["eventCategory"] === "Management"),
      objects: selected(values, ["eventCategory", "resources.ARN", "resources.type"]).flatMap((fields) =>
        fields["eventCategory"] === "Data" && fields["resources.type"] === "AWS::S3::Object"
          ? (fields["resources.ARN"] ?? "").split(",")
          : [],
      ),
    })),
    flowLogs: all("aws_flow_log").map(({ address, values }) => ({ name: address, all: values["traffic_type"] === "ALL" })),
    detectors: all("aws_guardduty_detector").map(({ address, values }) => ({
      name: address,
      enabled: values["enable"] === true,
      features: all("aws_guardduty_detector_feature").flatMap(({ values: feature }) =>
        feature["status"] === "ENABLED" ? [String(feature["name"])] : [],
      ),
    })),
    hubs: all("aws_securityhub_account").length,
    passwords: resources.flatMap(({ address, values }) => passwordsIn(values, address)),
  }
}

/** The event selectors of a trail that test these fields and no others: another field, such as `readOnly`, would leave events out. */
function selected(trail: Planned["values"], names: readonly string[]): readonly { readonly [field: string]: string }[] {
  return listOf(trail["advanced_event_selector"]).flatMap((selector) => {
    const fields = listOf(valueAt(selector, "field_selector")).map((field): [string, string] => {
      const operator = valueAt(field, "field") === "resources.ARN" ? "starts_with" : "equals"
      return [String(valueAt(field, "field")), listOf(valueAt(field, operator)).join()]
    })
    const found = fields.map(([name]) => name).sort()
    return found.join() === names.join() ? [Object.fromEntries(fields)] : []
  })
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== ""
}

/** Terraform has policies as text. */
function policyIn(text: JsonValue | undefined): JsonValue | undefined {
  return typeof text === "string" ? JSON.parse(text) : undefined
}
