variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "account" {
  description = "The number of the AWS account."
  type        = string
}

variable "state_machine_name" {
  description = "The name of the state machine."
  type        = string
}

variable "rule_name" {
  description = "The name of the rule that starts it."
  type        = string
}

variable "definition" {
  description = "The content of state-machine.asl.json, with ARNs in place of the placeholders."
  type        = string
}

variable "permissions" {
  description = "The content of permissions.json, with names in place of the placeholders."
  type        = any
}

variable "landing_bucket" {
  description = "The bucket whose new objects start the state machine."
  type        = string
}

variable "event" {
  description = "The event of settings.json: how often and how long EventBridge tries, and which keys start nothing."
  type = object({
    retryAttempts     = number
    maximumAgeSeconds = number
    exceptPrefix      = string
  })
}

variable "dead_letter_queue_arn" {
  description = "The queue for events that did not start the state machine."
  type        = string
}

variable "sweeper_arn" {
  description = "The function that the schedule calls."
  type        = string
}

variable "sweeper_schedule" {
  description = "How often, such as rate(15 minutes)."
  type        = string
}

variable "intake" {
  description = "Whether the rule and the schedule are on."
  type        = bool
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the log of failed executions."
  type        = number
}

variable "key_arn" {
  description = "The key that encrypts the log."
  type        = string
}
