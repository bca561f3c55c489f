# Everything that loads files into PostgreSQL: buckets, functions, the state machine, the database and what watches them.
# The files beside this folder (settings.json, permissions.json and so on) say what to deploy; the CDK and SAM read the same ones.

provider "aws" {
  region = var.region

  default_tags {
    tags = merge(var.tags, { Project = var.name })
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  shared   = "${path.module}/.."
  settings = jsondecode(file("${local.shared}/settings.json"))
  account  = data.aws_caller_identity.current.account_id
  arn      = "arn:${data.aws_partition.current.partition}"

  alarm_names = [for alarm in jsondecode(file("${local.shared}/alarms.json")) : alarm.name]
  # The periods that CloudWatch has.
  retention_days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]

  reserved_concurrency = merge({ for key, each in local.settings.functions : key => try(each.reservedConcurrency, -1) }, var.reserved_concurrency)

  log_retention_days = coalesce(var.log_retention_days, local.settings.logRetentionDays)
  timeout_seconds    = coalesce(var.timeout_seconds, local.settings.timeoutSeconds)
  storage_gigabytes  = coalesce(var.database_storage_gigabytes, local.settings.database.storageGigabytes)

  # Resources name each other in their policies, in circles. So these ARNs are put together from names.
  functions             = keys(local.settings.functions)
  function_arns         = { for key in local.functions : key => "${local.arn}:lambda:${var.region}:${local.account}:function:${var.name}-${key}:live" }
  log_group_arns        = { for key in local.functions : key => "${local.arn}:logs:${var.region}:${local.account}:log-group:/aws/lambda/${var.name}-${key}" }
  state_machine_name    = "${var.name}-deliveries"
  state_machine_arn     = "${local.arn}:states:${var.region}:${local.account}:stateMachine:${local.state_machine_name}"
  execution_arn         = "${local.arn}:states:${var.region}:${local.account}:execution:${local.state_machine_name}"
  rule_name             = "${var.name}-object-created"
  rule_arn              = "${local.arn}:events:${var.region}:${local.account}:rule/${local.rule_name}"
  dead_letter_queue     = "${var.name}-dead-letters"
  topic_arn             = "${local.arn}:sns:${var.region}:${local.account}:${var.name}-alarms"
  dead_letter_queue_arn = "${local.arn}:sqs:${var.region}:${local.account}:${local.dead_letter_queue}"

  # What AWS chooses. All else follows from variables and the account.
  key_arn       = aws_kms_key.this.arn
  secret_arn    = module.rds.secret_arn
  load_user_arn = module.rds.load_user_arn
  owner_url     = "postgres://${module.rds.endpoint}/${local.settings.database.name}"
  load_url      = "postgres://${module.rds.load_user}@${module.rds.load_endpoint}/${local.settings.database.name}"

  permissions = jsondecode(templatefile("${local.shared}/permissions.json", merge(
    {
      Pipeline                 = var.pipeline
      Region                   = var.region
      LandingBucketArn         = module.s3.arns.landing
      ProcessingBucketArn      = module.s3.arns.processing
      ArchiveBucketArn         = module.s3.arns.archive
      KeyArn                   = local.key_arn
      DatabaseUserArn          = local.load_user_arn
      DatabaseSecretArn        = local.secret_arn
      StateMachineArn          = local.state_machine_arn
      StateMachineExecutionArn = local.execution_arn
      DeadLetterQueueArn       = local.dead_letter_queue_arn
    },
    { for key, arn in local.function_arns : "${title(key)}FunctionArn" => arn },
    { for key, arn in local.log_group_arns : "${title(key)}LogGroupArn" => arn },
  )))

  definition = templatefile("${local.shared}/state-machine.asl.json", {
    for key, arn in local.function_arns : "${title(key)}FunctionArn" => arn
  })
}

module "security" {
  source = "./modules/security"

  name                = var.name
  region              = var.region
  key_arn             = local.key_arn
  bucket_arns         = values(module.s3.arns)
  cloudtrail          = var.cloudtrail
  guardduty           = var.guardduty
  security_hub        = var.security_hub
  deletion_protection = var.deletion_protection
}

module "s3" {
  source = "./modules/s3"

  name                = var.name
  suffix              = "${local.account}-${var.region}"
  key_arn             = local.key_arn
  lifecycles          = jsondecode(file("${local.shared}/s3-lifecycle.json"))
  deletion_protection = var.deletion_protection
}

module "vpc" {
  source = "./modules/vpc"

  name               = var.name
  region             = var.region
  cidr               = var.vpc_cidr
  nat                = var.nat
  bucket_arns        = values(module.s3.arns)
  flow_logs          = var.flow_logs
  log_retention_days = local.log_retention_days
  key_arn            = local.key_arn
}

module "rds" {
  source = "./modules/rds"

  name                        = var.name
  vpc_id                      = module.vpc.vpc_id
  subnet_ids                  = module.vpc.subnet_ids
  functions_security_group_id = module.vpc.functions_security_group_id
  key_arn                     = local.key_arn
  engine_version              = coalesce(var.database_version, local.settings.database.version)
  class                       = coalesce(var.database_class, local.settings.database.class)
  storage_gigabytes           = local.storage_gigabytes
  multi_az                    = var.database_multi_az
  backup_days                 = coalesce(var.database_backup_days, local.settings.database.backupDays)
  database                    = local.settings.database.name
  port                        = local.settings.database.port
  parameters                  = local.settings.database.parameters
  load_user                   = local.settings.database.loadUser
  apply_immediately           = var.database_apply_immediately
  proxy                       = var.database_proxy
  log_retention_days          = local.log_retention_days
  deletion_protection         = var.deletion_protection
}

module "lambda" {
  source = "./modules/lambda"

  name                    = var.name
  settings                = local.settings
  permissions             = local.permissions.functions
  zips                    = var.zips
  memory_megabytes        = coalesce(var.memory_megabytes, local.settings.memoryMegabytes)
  timeout_seconds         = local.timeout_seconds
  subnet_ids              = module.vpc.subnet_ids
  security_group_id       = module.vpc.functions_security_group_id
  key_arn                 = local.key_arn
  dead_letter_queue_arn   = aws_sqs_queue.dead_letters.arn
  log_retention_days      = local.log_retention_days
  reserved_concurrency    = local.reserved_concurrency
  provisioned_concurrency = var.provisioned_concurrency

  environment = {
    LANDING_BUCKET    = module.s3.names.landing
    PROCESSING_BUCKET = module.s3.names.processing
    ARCHIVE_BUCKET    = module.s3.names.archive
    LOG_LEVEL         = "info"
  }
  function_environment = {
    loader  = local.load_login
    sweeper = merge(local.load_login, { STATE_MACHINE_ARN = local.state_machine_arn })
    migrate = {
      DATABASE_URL        = local.owner_url
      DATABASE_SECRET_ARN = local.secret_arn
      LOAD_USER           = local.settings.database.loadUser
    }
  }
  environment_overrides = var.function_environment
}

locals {
  # A token of IAM is the password, so there is none to keep.
  load_login = { DATABASE_URL = local.load_url, DATABASE_AUTH = "iam" }
}

module "step_functions" {
  source = "./modules/step_functions"

  name                  = var.name
  account               = local.account
  state_machine_name    = local.state_machine_name
  rule_name             = local.rule_name
  definition            = local.definition
  permissions           = local.permissions
  landing_bucket        = module.s3.names.landing
  event                 = local.settings.event
  dead_letter_queue_arn = aws_sqs_queue.dead_letters.arn
  sweeper_arn           = local.function_arns.sweeper
  sweeper_schedule      = local.settings.functions.sweeper.schedule
  intake                = var.intake
  log_retention_days    = local.log_retention_days
  key_arn               = local.key_arn

  # A new definition may need the new functions.
  depends_on = [module.lambda]
}

module "monitoring" {
  source = "./modules/monitoring"

  name                       = var.name
  pipeline                   = var.pipeline
  functions                  = module.lambda.names
  state_machine_arn          = local.state_machine_arn
  database_id                = module.rds.id
  dead_letter_queue_name     = local.dead_letter_queue
  key_arn                    = local.key_arn
  alarm_email                = var.alarm_email
  timeout_seconds            = local.timeout_seconds
  database_storage_gigabytes = local.storage_gigabytes
  enable_alarms              = var.enable_alarms
  disable_alarms             = var.disable_alarms
  alarm_thresholds           = var.alarm_thresholds
  saved_queries              = var.saved_queries
}
