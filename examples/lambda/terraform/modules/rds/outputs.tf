output "id" {
  description = "The name of the database instance."
  value       = aws_db_instance.this.identifier
}

output "endpoint" {
  description = "Host and port of the database itself."
  value       = aws_db_instance.this.endpoint
}

output "secret_arn" {
  description = "The secret with the owner's name and password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "load_endpoint" {
  description = "Host and port for the loader and the sweeper: those of the proxy, if there is one."
  value       = var.proxy ? "${aws_db_proxy.this[0].endpoint}:5432" : aws_db_instance.this.endpoint
}

output "load_user" {
  description = "Who the loader and the sweeper log in as."
  value       = local.load_user
}

output "load_user_arn" {
  description = "What the loader and the sweeper need rds-db:connect for."
  value       = "arn:${data.aws_partition.current.partition}:rds-db:${local.region}:${local.account}:dbuser:${local.login_to}/${local.load_user}"
}

locals {
  load_user = var.proxy ? local.owner : var.load_user
  # IAM names the instance or the proxy by an id that AWS gives it.
  login_to = var.proxy ? element(split(":", aws_db_proxy.this[0].arn), 6) : aws_db_instance.this.resource_id
}
