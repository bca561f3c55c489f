output "names" {
  description = "The names of the buckets: landing, processing and archive."
  value       = { for role, bucket in aws_s3_bucket.this : role => bucket.bucket }
}

output "arns" {
  description = "The ARNs of the buckets. They follow from the names, so policies can name a bucket before it exists."
  value       = local.arns
}
