# The state machine, which loads one file for each execution.

resource "aws_sfn_state_machine" "this" {
  name       = var.state_machine_name
  type       = "STANDARD"
  role_arn   = aws_iam_role.this["deliveries"].arn
  definition = var.definition

  # The log says what failed and where, but has no input and no output.
  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.this.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  # Step Functions checks at once that the role can write the log.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  # Logs under this prefix share one resource policy, which has a limit for its size.
  name              = "/aws/vendedlogs/states/${var.state_machine_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

locals {
  roles = {
    "deliveries" = { service = "states.amazonaws.com", grants = var.permissions.stateMachine }
    "rule"       = { service = "events.amazonaws.com", grants = var.permissions.rule }
    "schedule"   = { service = "scheduler.amazonaws.com", grants = var.permissions.schedule }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name = "${var.name}-${each.key}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = each.value.service }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.roles

  name = "permissions"
  role = aws_iam_role.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for grant in each.value.grants : merge(
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
