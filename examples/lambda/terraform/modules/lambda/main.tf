# The functions of settings.json, each with a role, a log and an alias `live`, which is what callers use.

locals {
  functions = var.settings.functions
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name = "${var.name}-${each.key}"
  role          = aws_iam_role.this[each.key].arn
  runtime       = var.settings.runtime
  architectures = [var.settings.architecture]
  handler       = var.settings.handler
  memory_size   = var.memory_megabytes
  timeout       = var.timeout_seconds

  filename         = "${var.zips}/${each.key}.zip"
  source_code_hash = filebase64sha256("${var.zips}/${each.key}.zip")
  publish          = true

  reserved_concurrent_executions = var.reserved_concurrency[each.key]
  kms_key_arn                    = var.key_arn

  ephemeral_storage {
    size = var.settings.temporaryMegabytes
  }

  environment {
    variables = merge(var.environment, lookup(var.function_environment, each.key, {}), var.environment_overrides)
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [var.security_group_id]
  }

  dead_letter_config {
    target_arn = var.dead_letter_queue_arn
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this[each.key].name
    # LOG_LEVEL decides. Lambda drops the lines below its own level, and above INFO those with metrics too.
    application_log_level = "DEBUG"
  }

  tracing_config {
    mode = "Active"
  }

  # Lambda checks at once that the role can attach to the VPC and send to the queue.
  depends_on = [aws_iam_role_policy.this]
}

# Terraform and scripts/deploy-lambdas.sh both publish versions and move this alias. They agree, because the same sources give the same zips:
# after the script has run, Terraform finds the code that it would deploy and the newest version in the alias, and changes nothing. Ignoring changes
# of the alias would be worse: new memory or variables would then not reach the alias.
resource "aws_lambda_alias" "live" {
  for_each = local.functions

  name             = "live"
  description      = "The version that the state machine and the schedule call"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version
}

resource "aws_lambda_provisioned_concurrency_config" "this" {
  for_each = var.provisioned_concurrency

  function_name                     = aws_lambda_alias.live[each.key].function_name
  qualifier                         = aws_lambda_alias.live[each.key].name
  provisioned_concurrent_executions = each.value
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name = "${var.name}-${each.key}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = "permissions"
  role = aws_iam_role.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for grant in var.permissions[each.key] : merge(
      {
        Sid      = grant.sid
        Effect   = "Allow"
        Action   = grant.actions
        Resource = grant.resources
      },
      try({ Condition = grant.condition }, {}),
    )]
  })
}
