variable "region" {
  description = "The AWS region to deploy to, such as eu-central-1."
  type        = string
}

variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  default     = "rowgate"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) >= 3 && length(var.name) <= 20
    error_message = "The name must have 3 to 20 lowercase letters, digits and single hyphens, begin with a letter and not end with a hyphen, because buckets and the database are named after it."
  }
}

variable "tags" {
  description = "Tags for all resources, in addition to Project."
  type        = map(string)
  default     = {}

  validation {
    condition     = !contains(keys(var.tags), "Project")
    error_message = "tags must not have the tag Project: it is the name of the deployment."
  }
}

variable "deletion_protection" {
  description = "Whether to protect data: `terraform destroy` then fails while a bucket has objects, and does not delete the database. Turn it off only where the data may go."
  type        = bool
  default     = true
}

variable "intake" {
  description = "Whether files are loaded when they arrive. False turns off the rule and the schedule of the sweeper: files then wait in the landing bucket."
  type        = bool
  default     = true
}

# Functions

variable "pipeline" {
  description = "The name of the pipeline in pipeline.ts. The functions may only use parts under this name in the processing bucket."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", var.pipeline))
    error_message = "pipeline must have at most 100 letters, digits, dots, hyphens and underscores, and begin with a letter or a digit, because policies contain it. Give the pipeline such a name in pipeline.ts, too."
  }
}

variable "zips" {
  description = "The folder with NAME.zip for each function. `npm run build:lambda` writes it. Relative paths begin in the folder of this file."
  type        = string
  default     = "../../../dist-lambda"
}

variable "memory_megabytes" {
  description = "Memory of each function, which also sets its share of CPU. Null takes settings.json."
  type        = number
  default     = null

  validation {
    condition     = var.memory_megabytes == null ? true : var.memory_megabytes >= 512 && var.memory_megabytes <= 10240
    error_message = "memory_megabytes must be between 512 and 10240."
  }
}

variable "timeout_seconds" {
  description = "How long one call of a function may take. Null takes settings.json. The state machine waits 930 seconds."
  type        = number
  default     = null

  validation {
    condition     = var.timeout_seconds == null ? true : var.timeout_seconds >= 30 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be between 30 and 900."
  }
}

variable "reserved_concurrency" {
  description = "How many calls of a function may run at once, by function. This replaces the numbers in settings.json. -1 removes the limit. The limit of the loader protects the database."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.reserved_concurrency), keys(local.settings.functions))) == 0
    error_message = "reserved_concurrency must name functions: ${join(", ", keys(local.settings.functions))}."
  }

  validation {
    condition     = alltrue([for calls in values(var.reserved_concurrency) : calls >= -1 && floor(calls) == calls])
    error_message = "The numbers in reserved_concurrency must be whole, and -1 or more."
  }
}

variable "provisioned_concurrency" {
  description = "How many instances of a function AWS keeps warm, by function, such as { parser = 2 }. They cost money even when they are idle."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.provisioned_concurrency), keys(local.settings.functions))) == 0
    error_message = "provisioned_concurrency must name functions: ${join(", ", keys(local.settings.functions))}."
  }

  validation {
    condition     = alltrue([for instances in values(var.provisioned_concurrency) : instances >= 1 && floor(instances) == instances])
    error_message = "The numbers in provisioned_concurrency must be whole, and 1 or more. Leave a function out to keep none warm."
  }

  validation {
    condition = alltrue([
      for key, instances in var.provisioned_concurrency : lookup(local.reserved_concurrency, key, -1) < 0 || instances <= lookup(local.reserved_concurrency, key, -1)
    ])
    error_message = "provisioned_concurrency must not exceed the reserved concurrency of a function. Raise reserved_concurrency, too."
  }
}

variable "function_environment" {
  description = "Environment variables for all functions. They replace those that this configuration sets."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for variable in keys(var.function_environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", variable))])
    error_message = "The names in function_environment must begin with a letter and have letters, digits and underscores, at least two in all."
  }

  validation {
    condition = !anytrue([
      for variable in keys(var.function_environment) : can(regex("^(AWS_(DEFAULT_)?REGION|AWS_(SECRET_)?ACCESS_KEY(_ID)?|AWS_SESSION_TOKEN|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION|LOG|INITIALIZATION|RUNTIME_API).*|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$", variable))
    ])
    error_message = "function_environment must not have variables that Lambda sets itself, such as AWS_REGION."
  }
}

variable "log_retention_days" {
  description = "How many days CloudWatch keeps logs. Null takes settings.json."
  type        = number
  default     = null

  validation {
    condition     = var.log_retention_days == null ? true : contains(local.retention_days, var.log_retention_days)
    error_message = "log_retention_days must be one of ${join(", ", local.retention_days)}. Logs always expire."
  }
}

# Network

variable "vpc_cidr" {
  description = "The addresses of the VPC, from /16 to /20."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && can(regex("/(1[6-9]|20)$", var.vpc_cidr))
    error_message = "vpc_cidr must be a block of IPv4 addresses from /16 to /20, such as 10.0.0.0/16."
  }
}

variable "nat" {
  description = "`none`: the functions cannot reach the internet, and need not. `single`: they reach it through one NAT gateway, for checks of your own that call a service."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "single"], var.nat)
    error_message = "nat must be \"none\" or \"single\"."
  }
}

variable "flow_logs" {
  description = "Whether to log the connections of the VPC."
  type        = bool
  default     = true
}

# Database

variable "database_version" {
  description = "The version of PostgreSQL, 15 or newer, such as 17 or 17.5. Null takes settings.json."
  type        = string
  default     = null

  validation {
    condition     = var.database_version == null ? true : can(regex("^[0-9]+([.][0-9]+)?$", var.database_version)) && try(tonumber(split(".", var.database_version)[0]) >= 15, false)
    error_message = "database_version must be 15 or newer, such as 17 or 17.5."
  }
}

variable "database_class" {
  description = "The class of the database instance. Null takes settings.json."
  type        = string
  default     = null
}

variable "database_storage_gigabytes" {
  description = "The storage of the database at the start. Null takes settings.json. It grows by itself up to four times as much."
  type        = number
  default     = null

  validation {
    condition     = var.database_storage_gigabytes == null ? true : var.database_storage_gigabytes >= 20 && var.database_storage_gigabytes <= 16384
    error_message = "database_storage_gigabytes must be between 20 and 16384: the storage may grow to four times as much, and RDS ends at 65536."
  }
}

variable "database_multi_az" {
  description = "Whether a standby in the second zone takes over if the database fails."
  type        = bool
  default     = true
}

variable "database_backup_days" {
  description = "How long RDS keeps backups, for a restore to any second. Null takes settings.json."
  type        = number
  default     = null

  validation {
    condition     = var.database_backup_days == null ? true : var.database_backup_days >= 1 && var.database_backup_days <= 35
    error_message = "database_backup_days must be between 1 and 35."
  }
}

variable "database_apply_immediately" {
  description = "Whether a change of the class or the version takes place now, with a short downtime, or in the next maintenance window."
  type        = bool
  default     = false
}

variable "database_proxy" {
  description = "Whether the functions connect through RDS Proxy. Read README.md first: the login differs."
  type        = bool
  default     = false
}

# Monitoring and audit

variable "alarm_email" {
  description = "Who gets mail when an alarm changes. AWS asks this address for a confirmation first. Null sends no mail."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null ? true : can(regex("^[^@[:space:]]+@[^@[:space:]]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address, or null."
  }
}

variable "enable_alarms" {
  description = "Alarms to turn on that alarms.json has turned off, such as [\"no-file\"]."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.enable_alarms, local.alarm_names)) == 0
    error_message = "enable_alarms must name alarms of alarms.json, not ${join(", ", setsubtract(var.enable_alarms, local.alarm_names))}."
  }
}

variable "disable_alarms" {
  description = "Alarms to leave out."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.disable_alarms, local.alarm_names)) == 0
    error_message = "disable_alarms must name alarms of alarms.json, not ${join(", ", setsubtract(var.disable_alarms, local.alarm_names))}."
  }
}

variable "alarm_thresholds" {
  description = "Thresholds in place of those in alarms.json, by the name of the alarm, such as { rejects-ratio = 0.02 }."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.alarm_thresholds), local.alarm_names)) == 0
    error_message = "alarm_thresholds must name alarms of alarms.json, not ${join(", ", setsubtract(keys(var.alarm_thresholds), local.alarm_names))}."
  }
}

variable "saved_queries" {
  description = "Whether to save the queries of log-queries.json in CloudWatch Logs."
  type        = bool
  default     = true
}

variable "cloudtrail" {
  description = "Whether to record who calls AWS, and who reads and writes objects of the three buckets."
  type        = bool
  default     = true
}

variable "guardduty" {
  description = "Whether to turn on GuardDuty. An account has one in each region: turn this off if yours is on."
  type        = bool
  default     = true
}

variable "security_hub" {
  description = "Whether to turn on Security Hub. An account has one in each region: turn this off if yours is on."
  type        = bool
  default     = true
}
