output "landing_bucket" {
  description = "Put files here."
  value       = module.s3.names.landing
}

output "archive_bucket" {
  description = "Where delivered files go."
  value       = module.s3.names.archive
}

output "processing_bucket" {
  description = "Where the functions keep parts of files while they work on them."
  value       = module.s3.names.processing
}

output "key_arn" {
  description = "The key of the buckets. Senders need kms:GenerateDataKey for it, besides s3:PutObject for the landing bucket."
  value       = aws_kms_key.this.arn
}

output "function_names" {
  description = "The functions, by what they do."
  value       = module.lambda.names
}

output "state_machine_arn" {
  description = "The state machine, which loads one file for each execution."
  value       = module.step_functions.arn
}

output "database_endpoint" {
  description = "Host and port of the database. Only the functions can reach it."
  value       = module.rds.endpoint
}

output "database_secret_arn" {
  description = "The secret with the login of the database's owner. RDS changes the password every seven days."
  value       = module.rds.secret_arn
}

output "topic_arn" {
  description = "The topic that alarms and failed executions are sent to."
  value       = module.monitoring.topic_arn
}

output "dashboard_name" {
  description = "The dashboard in CloudWatch."
  value       = module.monitoring.dashboard_name
}

output "dead_letter_queue_name" {
  description = "The queue with the events that nobody could take."
  value       = aws_sqs_queue.dead_letters.name
}
