# The key that encrypts everything.

resource "aws_kms_key" "this" {
  description             = "${var.name}: buckets, database, logs, queues and secrets"
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_protection ? 30 : 7

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # Roles of this account use the key as far as their own policies allow.
          Sid       = "Account"
          Effect    = "Allow"
          Principal = { AWS = "${local.arn}:iam::${local.account}:root" }
          Action    = "kms:*"
          Resource  = "*"
        },
        {
          Sid       = "Logs"
          Effect    = "Allow"
          Principal = { Service = "logs.${var.region}.amazonaws.com" }
          Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
          Resource  = "*"
          Condition = {
            ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "${local.arn}:logs:${var.region}:${local.account}:log-group:*${var.name}*" }
          }
        },
        {
          # EventBridge does not tell KMS for which account it asks, but SQS and SNS tell it for which queue and which topic.
          Sid       = "DeadLetters"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource  = "*"
          Condition = { StringEquals = { "kms:EncryptionContext:aws:sqs:arn" = local.dead_letter_queue_arn } }
        },
        {
          Sid       = "Topic"
          Effect    = "Allow"
          Principal = { Service = ["events.amazonaws.com", "cloudwatch.amazonaws.com"] }
          Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource  = "*"
          Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = local.topic_arn } }
        },
      ],
      var.cloudtrail ? [
        {
          Sid       = "Trail"
          Effect    = "Allow"
          Principal = { Service = "cloudtrail.amazonaws.com" }
          Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
          Resource  = "*"
          Condition = { StringEquals = { "aws:SourceArn" = "${local.arn}:cloudtrail:${var.region}:${local.account}:trail/${var.name}" } }
        },
      ] : [],
    )
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}
