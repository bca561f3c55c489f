import { readSettings } from "../settings.ts"
import { isOfAccount } from "./admitted.ts"
import type { Deployed } from "./deployed.ts"
import { callersWithoutRole, roleDifferences } from "./role-differences.ts"
import { unlimitedServices } from "./unlimited-services.ts"

/** An item of the security checklist. */
export interface Item {
  readonly name: string
  /** Whether SAM has it too. Its template deploys neither a network nor a database nor what watches the account. */
  readonly inSam: boolean
  /** What is wrong with a deployment; empty if it is safe. */
  problems(deployed: Deployed): readonly string[]
}

const settings = readSettings()
const functions = Object.keys(settings.functions)

/** The statements that may name all resources. */
const allowedForAll = ["NetworkInterfaces", "Trace", "DeliverLogs"]

export const checklist: readonly Item[] = [
  {
    name: "every bucket is encrypted with the key",
    inSam: true,
    problems: ({ buckets }) => [...fewer(buckets, 3, "buckets"), ...namesOf(buckets, ({ hasKey }) => !hasKey)],
  },
  {
    name: "every bucket, queue and topic refuses requests without TLS",
    inSam: true,
    problems: ({ buckets, queues, topics }) => [
      ...fewer([...buckets, ...queues], 4, "buckets and queues"),
      ...namesOf([...buckets, ...queues, ...topics], ({ onlyTls }) => !onlyTls),
    ],
  },
  {
    name: "every bucket blocks public access",
    inSam: true,
    problems: ({ buckets }) => [...fewer(buckets, 3, "buckets"), ...namesOf(buckets, ({ blocksPublic }) => !blocksPublic)],
  },
  {
    name: "every bucket keeps earlier versions of its objects",
    inSam: true,
    problems: ({ buckets }) => [...fewer(buckets, 3, "buckets"), ...namesOf(buckets, ({ versioned }) => !versioned)],
  },
  {
    name: "every bucket disables ACLs",
    inSam: true,
    problems: ({ buckets }) => [...fewer(buckets, 3, "buckets"), ...namesOf(buckets, ({ disablesAcls }) => !disablesAcls)],
  },
  {
    name: "messages to the topic of the alarms are encrypted with the key",
    inSam: false,
    problems: ({ topics }) => [...fewer(topics, 1, "topics"), ...namesOf(topics, ({ hasKey }) => !hasKey)],
  },
  {
    name: "the database, its master password and its performance data are encrypted with the key",
    inSam: false,
    problems: ({ databases }) => [
      ...fewer(databases, 1, "databases"),
      ...namesOf(databases, ({ encrypted, hasKey }) => !encrypted || !hasKey),
    ],
  },
  {
    name: "the database refuses connections without TLS",
    inSam: false,
    problems: ({ databases }) => [...fewer(databases, 1, "databases"), ...namesOf(databases, ({ forcesTls }) => !forcesTls)],
  },
  {
    // Without a parameter in the connection string, rowgate verifies the certificates of RDS.
    name: "every function verifies the certificate of the database",
    inSam: true,
    problems({ functions: deployed }) {
      const connecting = deployed.filter(({ environment }) => environment["DATABASE_URL"] !== undefined)
      return [
        ...fewer(connecting, 3, "functions with a database"),
        ...namesOf(
          connecting,
          ({ environment }) =>
            /sslmode=|ssl=/.test(environment["DATABASE_URL"] ?? "") && !/sslmode=verify-full/.test(environment["DATABASE_URL"] ?? ""),
        ),
        ...namesOf(deployed, ({ environment }) => environment["NODE_TLS_REJECT_UNAUTHORIZED"] !== undefined),
      ]
    },
  },
  {
    name: "RDS keeps the master password in Secrets Manager and rotates it",
    inSam: false,
    problems: ({ databases }) => [...fewer(databases, 1, "databases"), ...namesOf(databases, ({ managesPassword }) => !managesPassword)],
  },
  {
    name: "the loader and the sweeper log in with IAM tokens, not with a password",
    inSam: true,
    problems({ functions: deployed, databases }) {
      const loading = deployed.filter(({ name }) => name === "loader" || name === "sweeper")
      return [
        ...fewer(loading, 2, "functions that load"),
        ...namesOf(loading, ({ environment }) => environment["DATABASE_AUTH"] !== "iam"),
        ...namesOf(databases, ({ tokens }) => !tokens),
      ]
    },
  },
  {
    name: "no template, variable or Terraform state holds a password",
    inSam: true,
    problems: ({ passwords, functions: deployed }) => [
      ...passwords.map(({ place }) => place),
      ...deployed.flatMap(({ name, environment }) =>
        Object.entries(environment).flatMap(([variable, value]) =>
          /:\/\/[^/@]*:[^/@]+@/.test(value) || /PASSWORD|SECRET(?!_ARN$)|TOKEN/.test(variable) ? [`${variable} of ${name}`] : [],
        ),
      ),
    ],
  },
  {
    name: "every function is in private subnets without a route to the internet",
    inSam: true,
    problems: ({ functions: deployed, waysOut }) => [
      ...fewer(deployed, functions.length, "functions"),
      ...namesOf(deployed, ({ inVpc }) => !inVpc),
      ...waysOut,
    ],
  },
  {
    name: "functions reach S3, Secrets Manager and Step Functions through VPC endpoints, and nothing of other accounts",
    inSam: false,
    problems: ({ endpoints, buckets }) => [
      ...["s3", "secretsmanager", "states"].filter((service) => !endpoints.some((endpoint) => endpoint.service === service)),
      ...fewer(buckets, 3, "buckets"),
      ...endpoints.flatMap(({ service, statements }) => {
        const ours = bucketsOfFiles(buckets).flatMap(({ arn }) => [arn, `${arn}/*`])
        const isOurs = (resource: string) => (service === "s3" ? ours.includes(resource) : isOfAccount(resource))
        return [
          ...fewer(statements, 1, `statements for the endpoint of ${service}`),
          ...statements.flatMap(({ resources }) => resources.filter((resource) => !isOurs(resource))),
          ...statements
            .filter(({ condition }) => service !== "s3" && condition !== "StringEquals aws:PrincipalAccount ACCOUNT")
            .map(({ sid }) => `${service}: ${sid} admits other accounts`),
        ]
      }),
    ],
  },
  {
    name: "security groups admit other security groups, never addresses",
    inSam: false,
    problems: ({ ingress }) => [...fewer(ingress, 2, "rules"), ...namesOf(ingress, ({ fromGroup }) => !fromGroup)],
  },
  {
    name: "security groups let nothing connect to addresses, except for S3",
    inSam: false,
    problems: ({ egress }) => [...fewer(egress, 3, "rules"), ...namesOf(egress, ({ toGroupOrS3 }) => !toGroupOrS3)],
  },
  {
    name: "every function has its own role",
    inSam: true,
    problems({ functions: deployed, roles }) {
      const used = deployed.map(({ role }) => role)
      return [
        ...fewer(deployed, functions.length, "functions"),
        ...used.filter((role, at) => used.indexOf(role) !== at),
        ...deployed.flatMap(({ name, role }) => {
          const found = roles.find(({ id }) => id === role)
          return found?.services.join() === "lambda.amazonaws.com" ? [] : [`${name} has the role ${role}`]
        }),
      ]
    },
  },
  {
    name: "every role may do what permissions.json says, and nothing else",
    inSam: true,
    problems: ({ functions: deployed, roles, otherIdentities }) => [
      ...fewer(deployed, functions.length, "functions"),
      ...callersWithoutRole(roles),
      ...otherIdentities,
      ...roles.flatMap((role) => {
        const of = deployed.find((each) => each.role === role.id)
        return roleDifferences(role, of?.name)
      }),
    ],
  },
  {
    name: "only the statements listed below apply to all resources",
    inSam: true,
    problems: ({ roles }) => [
      ...fewer(roles, functions.length + 3, "roles"),
      ...roles.flatMap(({ id, statements, foreignPolicies }) => [
        ...foreignPolicies,
        ...statements
          .filter(({ sid, resources }) => resources.some((resource) => /^\*/.test(resource)) && !allowedForAll.includes(sid))
          .map(({ sid }) => `${id}: ${sid}`),
        ...statements.filter(({ actions }) => actions.some((action) => action.includes("*"))).map(({ sid }) => `${id}: ${sid}`),
      ]),
    ],
  },
  {
    name: "no role and no policy of a resource admits another account",
    inSam: true,
    problems: ({ admitted, unread }) => [
      ...fewer(admitted, functions.length + 3, "principals"),
      ...unread.map((name) => `${name} has a type that this test does not know.`),
      // The account itself may use its key, as far as policies of its roles allow.
      ...admitted
        .filter(({ kind, who, isService }) => !isService && !(kind === "key" && ownAccount.test(who)))
        .map(({ name, who }) => `${name}: ${who}`),
    ],
  },
  {
    name: "services of AWS are admitted only on behalf of this account, with the exceptions listed below",
    inSam: true,
    problems({ admitted }) {
      const services = admitted.filter(({ isService }) => isService)
      const isException = (of: (typeof services)[number]) =>
        unlimitedServices.some(({ kind, service }) => kind === of.kind && service === of.who)
      return [
        ...fewer(services, functions.length + 3, "services"),
        ...services.filter((each) => !each.isForAccount && !isException(each)).map(({ name, who }) => `${name}: ${who}`),
      ]
    },
  },
  {
    name: "CloudTrail records API calls and access to objects, in encrypted and signed files",
    inSam: false,
    problems: ({ trails, buckets }) => [
      ...fewer(trails, 1, "trails"),
      ...namesOf(trails, ({ validates, hasKey, everyRegion }) => !validates || !hasKey || !everyRegion),
      ...namesOf(trails, ({ management }) => !management),
      ...fewer(bucketsOfFiles(buckets), 3, "buckets"),
      ...namesOf(trails, ({ objects }) => !bucketsOfFiles(buckets).every(({ arn }) => objects.includes(`${arn}/`))),
    ],
  },
  {
    name: "VPC flow logs record all connections",
    inSam: false,
    problems: ({ flowLogs }) => [...fewer(flowLogs, 1, "flow logs"), ...namesOf(flowLogs, ({ all }) => !all)],
  },
  {
    name: "GuardDuty is on, also for objects in S3 and logins to the database",
    inSam: false,
    problems: ({ detectors }) => [
      ...fewer(detectors, 1, "detectors"),
      ...namesOf(
        detectors,
        ({ enabled, features }) => !enabled || !["S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"].every((each) => features.includes(each)),
      ),
    ],
  },
  { name: "Security Hub is on", inSam: false, problems: ({ hubs }) => (hubs === 1 ? [] : [`${hubs} hubs`]) },
  {
    name: "the variables of every function are encrypted with the key",
    inSam: true,
    problems: ({ functions: deployed }) => [
      ...fewer(deployed, functions.length, "functions"),
      ...namesOf(deployed, ({ hasKey }) => !hasKey),
    ],
  },
  {
    name: "every log is encrypted with the key and expires",
    inSam: true,
    problems: ({ logGroups, functions: deployed }) => [
      ...fewer(logGroups, functions.length + 1, "log groups"),
      ...namesOf(logGroups, ({ days, hasKey }) => days === undefined || !hasKey),
      ...namesOf(deployed, ({ hasLogGroup }) => !hasLogGroup),
    ],
  },
  {
    name: "the log of the state machine contains neither input nor output",
    inSam: true,
    problems: ({ stateMachines }) => [
      ...fewer(stateMachines, 1, "state machines"),
      ...namesOf(stateMachines, ({ logsValues }) => logsValues),
    ],
  },
  {
    name: "the log of the database quotes no row",
    inSam: false,
    problems: ({ databases }) => [...fewer(databases, 1, "databases"), ...namesOf(databases, ({ logsNoRows }) => !logsNoRows)],
  },
  {
    name: "the database has daily backups and deletion protection",
    inSam: false,
    problems: ({ databases }) => [
      ...fewer(databases, 1, "databases"),
      ...namesOf(databases, ({ backupDays, protected: isProtected }) => backupDays < settings.database.backupDays || !isProtected),
    ],
  },
  {
    name: "the database has no public address",
    inSam: false,
    problems: ({ databases }) => [...fewer(databases, 1, "databases"), ...namesOf(databases, ({ isPublic }) => isPublic)],
  },
  {
    name: "failed events go to a queue that is encrypted with the key",
    inSam: true,
    problems: ({ queues, functions: deployed }) => [
      ...fewer(queues, 1, "queues"),
      ...namesOf(queues, ({ hasKey }) => !hasKey),
      ...namesOf(deployed, ({ hasDeadLetters }) => !hasDeadLetters),
    ],
  },
  {
    name: "AWS rotates the key every year",
    inSam: true,
    problems: ({ keys }) => [...fewer(keys, 1, "keys"), ...namesOf(keys, ({ rotates }) => !rotates)],
  },
]

/** No item may pass because nothing is there. */
function fewer(found: readonly unknown[], least: number, what: string): string[] {
  return found.length < least ? [`There are ${found.length} ${what} instead of at least ${least}.`] : []
}

function namesOf<T extends { readonly name: string }>(found: readonly T[], isWrong: (each: T) => boolean): string[] {
  return found.filter(isWrong).map(({ name }) => name)
}

/** Without that of the trail. */
function bucketsOfFiles(buckets: Deployed["buckets"]): Deployed["buckets"] {
  return buckets.filter(({ name }) => /landing|processing|archive/i.test(name))
}

const ownAccount = /^arn:(aws|\$\{AWS::Partition\}):iam::(\$\{AWS::AccountId\}|123456789012):root$/
