variable "name" {
  description = "What the names of all resources begin with, and the name of the database instance."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two zones."
  type        = list(string)
}

variable "functions_security_group_id" {
  description = "The security group of the functions, which alone may connect."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the storage, the backups, the secret and the logs."
  type        = string
}

variable "engine_version" {
  description = "The version of PostgreSQL."
  type        = string
}

variable "class" {
  description = "The class of the instance."
  type        = string
}

variable "storage_gigabytes" {
  description = "The storage at the start."
  type        = number
}

variable "multi_az" {
  description = "Whether a standby in the second zone takes over."
  type        = bool
}

variable "backup_days" {
  description = "How long RDS keeps backups."
  type        = number
}

variable "database" {
  description = "The name of the database."
  type        = string
}

variable "port" {
  description = "The port of the database."
  type        = number
}

variable "parameters" {
  description = "Parameters of the server, by name: what a connection needs, and what the log contains."
  type        = map(string)
}

variable "load_user" {
  description = "The user that the loader and the sweeper log in as."
  type        = string
}

variable "proxy" {
  description = "Whether the loader and the sweeper connect through RDS Proxy."
  type        = bool
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the log of the database."
  type        = number
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the database. Without it, `terraform destroy` deletes it and takes no last snapshot."
  type        = bool
}

variable "apply_immediately" {
  description = "Whether a change of the instance takes place now, or in the next maintenance window."
  type        = bool
}
