variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "pipeline" {
  description = "The name of the pipeline, which is a dimension of its metrics."
  type        = string
}

variable "functions" {
  description = "The names of the functions, by what they do: parser, normalizer, validator, scorer, loader and sweeper."
  type        = map(string)
}

variable "state_machine_arn" {
  description = "The state machine."
  type        = string
}

variable "database_id" {
  description = "The name of the database instance."
  type        = string
}

variable "dead_letter_queue_name" {
  description = "The queue with events that nobody could take."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts messages of the topic. Its policy must let cloudwatch.amazonaws.com and events.amazonaws.com use it, or no message arrives."
  type        = string
}

variable "alarm_email" {
  description = "Who gets mail when an alarm changes. AWS asks this address for a confirmation first. Null sends no mail."
  type        = string
  default     = null
}

variable "timeout_seconds" {
  description = "How long one call of a function may take. The alarms for durations ring at 80 % of it."
  type        = number
  default     = 900
}

variable "database_storage_gigabytes" {
  description = "The storage of the database. The alarm rings when less than a tenth of it is free."
  type        = number
  default     = 500
}

variable "enable_alarms" {
  description = "Alarms to turn on that alarms.json has turned off, such as [\"no-file\"]."
  type        = set(string)
  default     = []
}

variable "disable_alarms" {
  description = "Alarms to leave out."
  type        = set(string)
  default     = []
}

variable "alarm_thresholds" {
  description = "Thresholds in place of those in alarms.json, by the name of the alarm, such as { rejects-ratio = 0.02 }."
  type        = map(number)
  default     = {}
}

variable "saved_queries" {
  description = "Whether to save the queries of log-queries.json in CloudWatch Logs."
  type        = bool
  default     = true
}
