output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "The private subnets, one in each zone."
  value       = aws_subnet.private[*].id
}

output "functions_security_group_id" {
  description = "The security group of the functions."
  value       = aws_security_group.functions.id
}
