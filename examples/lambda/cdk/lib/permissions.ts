import { type IRole, PolicyDocument, PolicyStatement, Role, type ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Construct } from "constructs"
import { fill, sharedJson, type Values } from "./shared-files.ts"

interface Statement {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: { readonly [operator: string]: { readonly [key: string]: readonly string[] } }
}

export const permissions = sharedJson<{
  readonly functions: { readonly [name: string]: readonly Statement[] }
  readonly stateMachine: readonly Statement[]
  readonly rule: readonly Statement[]
  readonly schedule: readonly Statement[]
}>("permissions.json")

/** A role with these statements and no others: constructs that get it cannot add grants of their own. */
export function roleWith(
  scope: Construct,
  id: string,
  { name, service, statements, values }: { name: string; service: ServicePrincipal; statements: readonly Statement[]; values: Values },
): IRole {
  const policy = new PolicyDocument({
    statements: fill(statements, values).map(
      ({ sid, actions, resources, condition: conditions = {} }) =>
        new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions }),
    ),
  })
  return new Role(scope, id, { roleName: name, assumedBy: service, inlinePolicies: { permissions: policy } }).withoutPolicyUpdates()
}
