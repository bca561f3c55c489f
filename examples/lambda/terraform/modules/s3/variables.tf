variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "suffix" {
  description = "What the names of buckets end with, because no two accounts can have a bucket of the same name."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the objects."
  type        = string
}

variable "lifecycles" {
  description = "The content of s3-lifecycle.json: the rules of landing, processing and archive, in the form of the S3 API."
  type        = any
}

variable "deletion_protection" {
  description = "Whether `terraform destroy` fails while a bucket has objects."
  type        = bool
}
