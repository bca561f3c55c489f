variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "settings" {
  description = "The content of settings.json: the functions, their runtime and their limits."
  type        = any
}

variable "permissions" {
  description = "The statements of each function in permissions.json, with names in place of the placeholders."
  type        = any
}

variable "zips" {
  description = "The folder with NAME.zip for each function."
  type        = string
}

variable "memory_megabytes" {
  description = "Memory of each function."
  type        = number
}

variable "timeout_seconds" {
  description = "How long one call may take."
  type        = number
}

variable "subnet_ids" {
  description = "The private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "The security group of the functions."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts logs and environment variables."
  type        = string
}

variable "dead_letter_queue_arn" {
  description = "The queue for events of asynchronous calls that failed three times."
  type        = string
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
}

variable "reserved_concurrency" {
  description = "How many calls may run at once, by function. -1 sets no limit."
  type        = map(number)
}

variable "provisioned_concurrency" {
  description = "How many instances to keep warm, by function."
  type        = map(number)
}

variable "environment" {
  description = "Environment variables of all functions."
  type        = map(string)
}

variable "function_environment" {
  description = "More environment variables, by function."
  type        = map(map(string))
}

variable "environment_overrides" {
  description = "Environment variables that replace all others."
  type        = map(string)
}
