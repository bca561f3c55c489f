import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { zipSync } from "fflate"
import type { JsonValue } from "../../src/model/json-value.ts"
import { readSettings } from "./settings.ts"
import type { Terraform } from "./terraform.ts"

/** A resource that Terraform would create or has created. */
export interface PlannedResource {
  /** Such as `module.s3.aws_s3_bucket.this["landing"]`. */
  readonly address: string
  readonly type: string
  readonly name: string
  /** The key of `for_each` or the number of `count`, if the resource has one. */
  readonly index?: string | number
  /** Its arguments. Those that Terraform knows only after it has created the resource are missing. */
  readonly values: { readonly [argument: string]: JsonValue }
}

interface Module {
  /** Terraform leaves out the values of a resource of which it knows none. */
  readonly resources?: readonly (Omit<PlannedResource, "values"> & Partial<Pick<PlannedResource, "values">>)[]
  readonly child_modules?: readonly Module[]
}

/** What Terraform would create with these variables. The zips of the functions are empty. */
export async function planTerraform(
  terraform: Terraform,
  variables: { readonly [name: string]: JsonValue } = {},
): Promise<readonly PlannedResource[]> {
  const empty = zipSync({ "index.mjs": new Uint8Array() })
  for (const name of Object.keys(readSettings().functions)) await writeFile(join(terraform.zips, `${name}.zip`), empty)
  await terraform.variables(variables)
  await terraform.run("plan", "-out=plan")
  const plan: { readonly planned_values: { readonly root_module: Module } } = JSON.parse(await terraform.run("show", "-json", "plan"))
  return resourcesOf(plan.planned_values.root_module)
}

/** What Terraform has created. */
export async function appliedResources(terraform: Terraform): Promise<readonly PlannedResource[]> {
  const state: { readonly values: { readonly root_module: Module } } = JSON.parse(await terraform.run("show", "-json"))
  return resourcesOf(state.values.root_module)
}

function resourcesOf({ resources = [], child_modules: modules = [] }: Module): readonly PlannedResource[] {
  const own = resources
    .filter(({ address }) => !/(^|\.)data\./.test(address))
    .map((resource) => ({ ...resource, values: resource.values ?? {} }))
  return [...own, ...modules.flatMap(resourcesOf)]
}
