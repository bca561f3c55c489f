import { ArnFormat, Stack } from "aws-cdk-lib"
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2"
import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import { Construct } from "constructs"
import { logGroup } from "./log-group.ts"
import type { Options } from "./options.ts"
import { settings } from "./settings.ts"
import type { Storage } from "./storage.ts"

/** Private subnets in two zones. Functions reach S3, Secrets Manager and Step Functions by endpoints, and the database by its security group. */
export class Network extends Construct {
  readonly vpc: Vpc
  /** The private ones. */
  readonly subnets: readonly ISubnet[]
  readonly functionGroup: SecurityGroup
  readonly databaseGroup: SecurityGroup

  constructor(scope: Construct, options: Options, storage: Storage, key: Key) {
    super(scope, "Network")
    const stack = Stack.of(this)
    const { name, nat, vpcCidr, flowLogs, databaseProxy } = options
    const single = nat === "single"
    this.vpc = new Vpc(this, "Vpc", {
      vpcName: name,
      ipAddresses: IpAddresses.cidr(vpcCidr),
      maxAzs: 2,
      natGateways: single ? 1 : 0,
      subnetConfiguration: [
        { name: "private", cidrMask: 20, subnetType: single ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED },
        ...(single ? [{ name: "public", cidrMask: 24, subnetType: SubnetType.PUBLIC }] : []),
      ],
    })

    this.subnets = single ? this.vpc.privateSubnets : this.vpc.isolatedSubnets
    this.functionGroup = this.#group("Functions", `${name}-functions`, "The functions")
    this.databaseGroup = this.#group("Database", `${name}-database`, "The database and its proxy")
    const endpointGroup = this.#group("Endpoints", `${name}-endpoints`, "Endpoints of AWS services")
    // The gateway endpoint of S3 has public addresses. Without NAT there is a route to no others.
    this.functionGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "S3")
    this.functionGroup.connections.allowTo(this.databaseGroup, Port.tcp(settings.database.port), "PostgreSQL")
    if (databaseProxy) this.databaseGroup.connections.allowInternally(Port.tcp(settings.database.port), "From the proxy")
    endpointGroup.connections.allowFrom(this.functionGroup, Port.tcp(443), "HTTPS")

    // A function that was taken over cannot send rows to a bucket elsewhere.
    const buckets = [storage.landing, storage.processing, storage.archive].flatMap(({ bucketArn }) => [bucketArn, `${bucketArn}/*`])
    this.vpc
      .addGatewayEndpoint("S3", { service: GatewayVpcEndpointAwsService.S3 })
      .addToPolicy(new PolicyStatement({ sid: "OwnBuckets", principals: [new AnyPrincipal()], actions: ["s3:*"], resources: buckets }))
    const interfaces = {
      SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      States: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
    }
    for (const [id, service] of Object.entries(interfaces)) {
      // Nor can it send them with the credentials of another account, or to one.
      this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [endpointGroup], open: false }).addToPolicy(
        new PolicyStatement({
          sid: "OwnAccount",
          principals: [new AnyPrincipal()],
          actions: [`${service.shortName}:*`],
          resources: [stack.formatArn({ service: service.shortName, resource: "*", arnFormat: ArnFormat.NO_RESOURCE_NAME })],
          conditions: { StringEquals: { "aws:PrincipalAccount": stack.account } },
        }),
      )
    }

    if (flowLogs) {
      const conditions = { StringEquals: { "aws:SourceAccount": stack.account } }
      const role = new Role(this, "FlowLogRole", { assumedBy: new ServicePrincipal("vpc-flow-logs.amazonaws.com", { conditions }) })
      const destination = FlowLogDestination.toCloudWatchLogs(logGroup(this, "FlowLogs", `/aws/vpc/${name}`, options, key), role)
      this.vpc.addFlowLog("FlowLog", { destination, trafficType: FlowLogTrafficType.ALL })
    }
  }

  #group(id: string, securityGroupName: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, securityGroupName, description, allowAllOutbound: false })
  }
}
