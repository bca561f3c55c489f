/**
 * The types of resources that the readers know: either they read what lets somebody in, or nothing in such a resource can. A type that is not here fails the
 * checklist. Before you add it, find out whether it can admit anybody, such as a grant of a key or a policy of a secret.
 */
export const knownTypes: readonly string[] = [
  ...[
    ...["cloudtrail", "cloudwatch_dashboard", "cloudwatch_event_rule", "cloudwatch_event_target", "cloudwatch_log_group"],
    ...["cloudwatch_metric_alarm", "cloudwatch_query_definition", "db_instance", "db_parameter_group", "db_subnet_group"],
    ...["default_security_group", "flow_log", "guardduty_detector", "guardduty_detector_feature", "iam_role", "iam_role_policy"],
    ...["kms_alias", "kms_key", "lambda_alias", "lambda_function", "lambda_function_url", "lambda_permission"],
    ...["route_table", "route_table_association", "s3_bucket", "s3_bucket_lifecycle_configuration", "s3_bucket_notification"],
    ...["s3_bucket_ownership_controls", "s3_bucket_policy", "s3_bucket_public_access_block", "s3_bucket_versioning"],
    ...["s3_bucket_server_side_encryption_configuration", "scheduler_schedule", "security_group", "securityhub_account"],
    ...["sfn_state_machine", "sns_topic", "sns_topic_policy", "sqs_queue", "sqs_queue_policy", "subnet", "vpc", "vpc_endpoint"],
    ...["vpc_security_group_egress_rule", "vpc_security_group_ingress_rule"],
  ].map((type) => `aws_${type}`),
  ...[
    ...["CloudTrail::Trail", "CloudWatch::Alarm", "CloudWatch::Dashboard", "EC2::FlowLog", "EC2::RouteTable", "EC2::SecurityGroup"],
    ...["EC2::SecurityGroupEgress", "EC2::SecurityGroupIngress", "EC2::Subnet", "EC2::SubnetRouteTableAssociation", "EC2::VPC"],
    ...["EC2::VPCEndpoint", "Events::Rule", "GuardDuty::Detector", "IAM::ManagedPolicy", "IAM::Policy", "IAM::Role", "KMS::Alias"],
    ...["KMS::Key", "Lambda::Alias", "Lambda::Function", "Lambda::Permission", "Lambda::Url", "Lambda::Version", "Logs::LogGroup"],
    ...["Logs::QueryDefinition", "RDS::DBInstance", "RDS::DBParameterGroup", "RDS::DBSubnetGroup", "S3::Bucket", "S3::BucketPolicy"],
    ...["SNS::Topic", "SNS::TopicPolicy", "SQS::Queue", "SQS::QueuePolicy", "Scheduler::Schedule", "SecurityHub::Hub"],
    ...["StepFunctions::StateMachine"],
  ].map((type) => `AWS::${type}`),
]
