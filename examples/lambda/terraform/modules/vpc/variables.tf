variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "region" {
  description = "The AWS region."
  type        = string
}

variable "cidr" {
  description = "The addresses of the VPC."
  type        = string
}

variable "nat" {
  description = "`none` or `single`: whether one NAT gateway leads to the internet."
  type        = string
}

variable "bucket_arns" {
  description = "The only buckets that can be reached without the internet."
  type        = list(string)
}

variable "flow_logs" {
  description = "Whether to log connections."
  type        = bool
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the log of connections."
  type        = number
}

variable "key_arn" {
  description = "The key that encrypts the log of connections."
  type        = string
}
