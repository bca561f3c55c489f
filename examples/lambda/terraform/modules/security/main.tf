# What watches the account: GuardDuty looks for attacks, Security Hub for settings that are not safe. cloudtrail.tf records who does what.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
}

resource "aws_guardduty_detector" "this" {
  count = var.guardduty ? 1 : 0

  enable = true
}

resource "aws_guardduty_detector_feature" "s3" {
  count = var.guardduty ? 1 : 0

  detector_id = aws_guardduty_detector.this[0].id
  name        = "S3_DATA_EVENTS"
  status      = "ENABLED"
}

resource "aws_guardduty_detector_feature" "rds_login" {
  count = var.guardduty ? 1 : 0

  detector_id = aws_guardduty_detector.this[0].id
  name        = "RDS_LOGIN_EVENTS"
  status      = "ENABLED"
}

resource "aws_securityhub_account" "this" {
  count = var.security_hub ? 1 : 0
}
