output "names" {
  description = "The names of the functions, by what they do."
  value       = { for key, function in aws_lambda_function.this : key => function.function_name }
}
