#!/usr/bin/env bash
# Creates the buckets and the secret of .env.example. LocalStack runs it when it is ready.
set -euo pipefail

for bucket in landing processing archive; do
  awslocal s3api create-bucket --bucket "$bucket" >/dev/null
done
awslocal s3api put-bucket-versioning --bucket landing --versioning-configuration Status=Enabled
awslocal secretsmanager create-secret --name rowgate/database --secret-string \
  '{"engine":"postgres","host":"localhost","port":5432,"dbname":"rowgate","username":"rowgate","password":"rowgate"}' >/dev/null
