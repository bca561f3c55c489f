import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib"
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import { CfnDBInstance, CfnDBParameterGroup, CfnDBProxy, CfnDBProxyTargetGroup, CfnDBSubnetGroup } from "aws-cdk-lib/aws-rds"
import { Construct } from "constructs"
import { logGroup } from "./log-group.ts"
import type { Network } from "./network.ts"
import type { Options } from "./options.ts"
import { settings } from "./settings.ts"

const { engine, version, class: instanceClass, storageGigabytes, backupDays, name: databaseName, loadUser, port } = settings.database
const logs = ["postgresql", "upgrade"]

/** PostgreSQL. The functions log in with tokens of IAM; only `migrate` reads the password of the master user, which RDS rotates. */
export class Database extends Construct {
  readonly instance: CfnDBInstance
  /** Environment of the functions that load. */
  readonly variables: { readonly [variable: string]: string }
  /** Environment of `migrate`. */
  readonly ownerVariables: { readonly [variable: string]: string }
  /** The user that `rds-db:connect` names. */
  readonly userArn: string
  readonly secretArn: string

  constructor(scope: Construct, options: Options, { subnets, databaseGroup }: Network, key: Key) {
    super(scope, "Database")
    const { name, multiAz, databaseProxy, deletionProtection } = options
    const subnetIds = subnets.map(({ subnetId }) => subnetId)
    const subnetGroup = new CfnDBSubnetGroup(this, "Subnets", { dbSubnetGroupDescription: `Private subnets of ${name}`, subnetIds })
    const parameters = new CfnDBParameterGroup(this, "Parameters", {
      family: `${engine}${version}`,
      description: `Settings of ${name}`,
      parameters: settings.database.parameters,
    })
    this.instance = new CfnDBInstance(this, "Instance", {
      dbInstanceIdentifier: name,
      engine,
      engineVersion: version,
      dbInstanceClass: instanceClass,
      dbName: databaseName,
      port: String(port),
      allocatedStorage: String(storageGigabytes),
      maxAllocatedStorage: 4 * storageGigabytes,
      storageType: "gp3",
      storageEncrypted: true,
      kmsKeyId: key.keyArn,
      multiAz,
      caCertificateIdentifier: "rds-ca-rsa2048-g1",
      publiclyAccessible: false,
      dbSubnetGroupName: subnetGroup.ref,
      vpcSecurityGroups: [databaseGroup.securityGroupId],
      dbParameterGroupName: parameters.ref,
      masterUsername: "postgres",
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: key.keyArn },
      enableIamDatabaseAuthentication: true,
      backupRetentionPeriod: backupDays,
      deleteAutomatedBackups: !deletionProtection,
      copyTagsToSnapshot: true,
      deletionProtection,
      autoMinorVersionUpgrade: true,
      // You ask for a new major version by naming it.
      allowMajorVersionUpgrade: true,
      enablePerformanceInsights: true,
      performanceInsightsKmsKeyId: key.keyArn,
      enableCloudwatchLogsExports: [...logs],
    })
    // RDS would create them itself, without a key and for ever.
    for (const log of logs) this.instance.node.addDependency(logGroup(this, `${log}Logs`, `/aws/rds/instance/${name}/${log}`, options, key))
    this.instance.applyRemovalPolicy(deletionProtection ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY)
    this.secretArn = options.databaseSecretArn ?? this.instance.attrMasterUserSecretSecretArn
    const resourceId = options.databaseResourceId ?? this.instance.attrDbiResourceId

    const login = databaseProxy
      ? this.#proxy(name, resourceId, subnetIds, databaseGroup.securityGroupId)
      : { host: this.instance.attrEndpointAddress, resourceId }
    this.userArn = this.#userArn(login.resourceId)
    this.variables = { DATABASE_URL: `postgres://${loadUser}@${login.host}:${port}/${databaseName}`, DATABASE_AUTH: "iam" }
    this.ownerVariables = {
      DATABASE_URL: `postgres://${this.instance.attrEndpointAddress}:${port}/${databaseName}`,
      DATABASE_SECRET_ARN: this.secretArn,
      LOAD_USER: loadUser,
    }
  }

  /** Functions log in to the proxy with a token, and the proxy to the database with another: no secret is needed. */
  #proxy(name: string, instanceId: string, vpcSubnetIds: string[], securityGroupId: string): { host: string; resourceId: string } {
    const connect = new PolicyStatement({ actions: ["rds-db:connect"], resources: [this.#userArn(instanceId)] })
    const role = new Role(this, "ProxyRole", {
      roleName: `${name}-proxy`,
      assumedBy: new ServicePrincipal("rds.amazonaws.com"),
      inlinePolicies: { permissions: new PolicyDocument({ statements: [connect] }) },
    })
    const proxy = new CfnDBProxy(this, "Proxy", {
      dbProxyName: name,
      engineFamily: "POSTGRESQL",
      defaultAuthScheme: "IAM_AUTH",
      roleArn: role.roleArn,
      requireTls: true,
      vpcSubnetIds,
      vpcSecurityGroupIds: [securityGroupId],
    })
    new CfnDBProxyTargetGroup(this, "ProxyTargets", {
      dbProxyName: proxy.ref,
      targetGroupName: "default",
      dbInstanceIdentifiers: [this.instance.ref],
    })
    const { resourceName = "" } = Stack.of(this).splitArn(proxy.attrDbProxyArn, ArnFormat.COLON_RESOURCE_NAME)
    return { host: proxy.attrEndpoint, resourceId: resourceName }
  }

  #userArn(resourceId: string): string {
    return Stack.of(this).formatArn({
      service: "rds-db",
      resource: "dbuser",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${resourceId}/${loadUser}`,
    })
  }
}
