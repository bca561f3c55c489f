# A new object in the landing bucket starts an execution.

resource "aws_cloudwatch_event_rule" "object_created" {
  name        = var.rule_name
  description = "A file arrived in the landing bucket"
  state       = var.intake ? "ENABLED" : "DISABLED"

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.landing_bucket] }
      object = { key = [{ anything-but = { prefix = var.event.exceptPrefix } }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "state_machine" {
  rule     = aws_cloudwatch_event_rule.object_created.name
  arn      = aws_sfn_state_machine.this.arn
  role_arn = aws_iam_role.this["rule"].arn

  retry_policy {
    maximum_retry_attempts       = var.event.retryAttempts
    maximum_event_age_in_seconds = var.event.maximumAgeSeconds
  }

  dead_letter_config {
    arn = var.dead_letter_queue_arn
  }
}

# The sweeper moves on what got stuck.
resource "aws_scheduler_schedule" "sweeper" {
  name                = "${var.name}-sweeper"
  description         = "Moves on what got stuck"
  schedule_expression = var.sweeper_schedule
  state               = var.intake ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.sweeper_arn
    role_arn = aws_iam_role.this["schedule"].arn

    # The next call does the same work, so a failed one is not worth many retries.
    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 900
    }
  }
}
