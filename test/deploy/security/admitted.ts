import type { JsonValue } from "../../../src/model/json-value.ts"
import { type Admitted, type AdmittingKind, listOf, statementsOf } from "./deployed.ts"

type TextOf = (value: JsonValue) => string

/** Whom the policy of a resource lets in. */
export function admittedBy(name: string, type: string, policy: JsonValue | undefined, textOf: TextOf): readonly Admitted[] {
  return statementsOf(policy)
    .filter(({ Effect }) => Effect !== "Deny")
    .flatMap(({ Principal = "*", Condition }) => {
      const named = typeof Principal === "object" && Principal !== null ? Object.entries(Principal) : [["", Principal] as const]
      return named.flatMap(([principals, value]) =>
        listOf(value).map((each) => {
          const who = textOf(each)
          const isService = principals === "Service" && /^[^*]+\.amazonaws\.com$/.test(who)
          return { name, kind: kindOf(type), who, isService, isForAccount: isForAccount(Condition, textOf) }
        }),
      )
    })
}

/** A permission of Lambda, as a policy. Without a principal, it stands for a URL of a function. */
export function permissionPolicy(
  principal: JsonValue | undefined,
  sourceArn: JsonValue | undefined,
  sourceAccount: JsonValue | undefined,
): JsonValue {
  const isService = typeof principal === "string" && /\.amazonaws\.com$/.test(principal)
  const source = { ...(sourceArn && { "aws:SourceArn": sourceArn }), ...(sourceAccount && { "aws:SourceAccount": sourceAccount }) }
  return {
    Statement: [
      { Effect: "Allow", Principal: isService ? { Service: principal } : (principal ?? "*"), Condition: { StringEquals: source } },
    ],
  }
}

/** Whether a text is the number of the account, or an ARN in it. */
export function isOfAccount(text: string): boolean {
  const plain = text.replaceAll(/\$\{AWS::AccountId\}/g, account).replaceAll(/\$\{AWS::\w+\}/g, "any")
  // An ARN that CloudFormation gives is one of the stack.
  return plain === account || plain.split(":")[4] === account || /^\$\{\w+\.Arn\}$/.test(plain)
}

const account = "123456789012"

function isForAccount(condition: JsonValue | undefined, textOf: TextOf): boolean {
  const tests = Object.entries((condition ?? {}) as { readonly [operator: string]: { readonly [key: string]: JsonValue } })
  return tests.some(
    ([operator, keys]) =>
      /^(String|Arn)(Equals|Like)$/.test(operator) &&
      Object.entries(keys).some(([key, values]) => {
        const texts = listOf(values).map(textOf)
        return /^(aws:SourceAccount|aws:SourceArn|kms:EncryptionContext:.+)$/.test(key) && texts.length > 0 && texts.every(isOfAccount)
      }),
  )
}

function kindOf(type: string): AdmittingKind {
  if (/kms/i.test(type)) return "key"
  if (/sns/i.test(type)) return "topic"
  return /iam/i.test(type) ? "role" : "other"
}
