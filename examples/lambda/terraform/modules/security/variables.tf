variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "region" {
  description = "The AWS region."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the records of CloudTrail."
  type        = string
}

variable "bucket_arns" {
  description = "The buckets whose objects CloudTrail watches."
  type        = list(string)
}

variable "cloudtrail" {
  description = "Whether to record calls of AWS, and who reads and writes objects of the buckets."
  type        = bool
}

variable "guardduty" {
  description = "Whether to turn on GuardDuty in this region."
  type        = bool
}

variable "security_hub" {
  description = "Whether to turn on Security Hub in this region."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether `terraform destroy` keeps the bucket of the trail while it has records."
  type        = bool
}
