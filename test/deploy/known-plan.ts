import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { StandIn } from "../aws/stand-in.ts"
import type { Terraform } from "./terraform.ts"
import { type PlannedResource, planTerraform } from "./terraform-plan.ts"

/**
 * What Terraform would create where a key and a database exist, which it takes over. A plan from nothing does not know the names that AWS gives to them, and
 * so no policy that names one.
 */
export async function planWithKnownNames(standIn: StandIn, terraform: Terraform): Promise<readonly PlannedResource[]> {
  const key = await createKey(standIn)
  await createDatabase(standIn, key)
  await writeFile(
    join(terraform.folder, "imports.tf"),
    `import {
      to = aws_kms_key.this
      id = "${key.slice(key.lastIndexOf("/") + 1)}"
    }
    import {
      to = module.rds.aws_db_instance.this
      id = "rowgate"
    }`,
  )
  return planTerraform(terraform)
}

async function createKey(standIn: StandIn): Promise<string> {
  const headers = { "x-amz-target": "TrentService.CreateKey", "content-type": "application/x-amz-json-1.1" }
  // The stand-in, unlike AWS, keeps no usage by default.
  const answer = await ask(standIn, "kms", headers, JSON.stringify({ KeyUsage: "ENCRYPT_DECRYPT" }))
  const { KeyMetadata: key }: { readonly KeyMetadata: { readonly Arn: string } } = JSON.parse(answer)
  return key.Arn
}

/** Arguments that cannot be changed later must be those of the module. */
async function createDatabase(standIn: StandIn, key: string): Promise<void> {
  const input = new URLSearchParams({
    ...{ Action: "CreateDBInstance", Version: "2014-10-31", DBInstanceIdentifier: "rowgate", DBInstanceClass: "db.r6g.xlarge" },
    ...{ Engine: "postgres", EngineVersion: "17", DBName: "rowgate", Port: "5432", AllocatedStorage: "500", StorageType: "gp3" },
    ...{ MasterUsername: "postgres", ManageMasterUserPassword: "true", MasterUserSecretKmsKeyId: key },
    ...{ StorageEncrypted: "true", KmsKeyId: key },
  })
  await ask(standIn, "rds", { "content-type": "application/x-www-form-urlencoded" }, String(input))
}

async function ask({ client }: StandIn, service: string, headers: { readonly [name: string]: string }, body: string): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${client.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`
  const answer = await fetch(client.endpoint, { method: "POST", headers: { ...headers, authorization }, body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The stand-in for AWS refused a request to ${service}: ${text}`)
  return text
}
