# What watches the pipeline. The files beside the terraform folder say what: alarms.json, cloudwatch-dashboard.json and log-queries.json.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  shared  = "${path.module}/../../.."
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  arn     = "arn:${data.aws_partition.current.partition}"
  # Known before they exist, so that a plan shows the dashboard and the policy of the topic.
  alarm_arns = "${local.arn}:cloudwatch:${local.region}:${local.account}:alarm"
  topic_arn  = "${local.arn}:sns:${local.region}:${local.account}:${var.name}-alarms"

  placeholders = merge(
    {
      Name                = var.name
      Pipeline            = var.pipeline
      Region              = local.region
      Account             = local.account
      StateMachineArn     = var.state_machine_arn
      DatabaseId          = var.database_id
      DeadLetterQueueName = var.dead_letter_queue_name
    },
    { for key, name in var.functions : "${title(key)}FunctionName" => name },
  )

  all_alarms = jsondecode(templatefile("${local.shared}/alarms.json", local.placeholders))
  # In the order of the file, for the dashboard.
  wanted = [
    for alarm in local.all_alarms : alarm.name
    if(try(alarm.enabled, true) || contains(var.enable_alarms, alarm.name)) && !contains(var.disable_alarms, alarm.name)
  ]
  alarms = { for alarm in local.all_alarms : alarm.name => alarm if contains(local.wanted, alarm.name) }

  # Limits that follow from what is deployed. An alarm at 80 % of 15 minutes would never ring for a function that may run for 5.
  thresholds = merge(
    { for key in keys(var.functions) : "${key}-duration" => var.timeout_seconds * 1000 * 0.8 },
    { "database-storage" = var.database_storage_gigabytes * pow(1024, 3) / 10 },
    var.alarm_thresholds,
  )

  queries = { for query in jsondecode(file("${local.shared}/log-queries.json")) : query.name => query if var.saved_queries }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.description

  namespace           = try(each.value.namespace, null)
  metric_name         = try(each.value.metric, null)
  dimensions          = try(each.value.dimensions, null)
  statistic           = try(each.value.statistic, null)
  extended_statistic  = try(each.value.extendedStatistic, null)
  period              = can(each.value.expressions) ? null : each.value.period
  evaluation_periods  = each.value.evaluationPeriods
  datapoints_to_alarm = try(each.value.datapointsToAlarm, null)
  threshold           = lookup(local.thresholds, each.value.name, each.value.threshold)
  comparison_operator = each.value.comparison
  treat_missing_data  = each.value.missing

  dynamic "metric_query" {
    for_each = try(each.value.expressions, [])

    content {
      id          = metric_query.value.id
      expression  = try(metric_query.value.expression, null)
      label       = try(metric_query.value.label, null)
      return_data = metric_query.value.returnData

      dynamic "metric" {
        for_each = can(metric_query.value.metric) ? [metric_query.value] : []

        content {
          namespace   = metric.value.namespace
          metric_name = metric.value.metric
          dimensions  = metric.value.dimensions
          stat        = metric.value.statistic
          period      = each.value.period
        }
      }
    }
  }

  alarm_actions = [aws_sns_topic.alarms.arn]
  ok_actions    = [aws_sns_topic.alarms.arn]
}

locals {
  dashboard = jsondecode(templatefile("${local.shared}/cloudwatch-dashboard.json", local.placeholders))
  # The widget of alarms shows those that exist.
  widgets = [
    for widget in local.dashboard.widgets : merge(widget, {
      for key, properties in { properties = merge(widget.properties, { alarms = [for name in local.wanted : "${local.alarm_arns}:${var.name}-${name}"] }) } :
      key => properties if widget.type == "alarm"
    })
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode(merge(local.dashboard, { widgets = local.widgets }))
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = [for key in each.value.logGroups : "/aws/lambda/${var.functions[key]}"]
  query_string    = each.value.query
}
