#!/usr/bin/env bash
# Three ways to point the AWS CLI at IVS Local. Each creates a channel.
set -euo pipefail

url=${AWS_ENDPOINT_URL_IVS:-http://127.0.0.1:4580}
unset AWS_ENDPOINT_URL_IVS
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-west-2

# 1. An option, for a single call.
aws --endpoint-url "$url" ivs create-channel --name by-option >/dev/null

# 2. The environment, for everything in a shell or a CI job. Only calls to IVS go there.
export AWS_ENDPOINT_URL_IVS=$url
aws ivs create-channel --name by-environment >/dev/null
unset AWS_ENDPOINT_URL_IVS

# 3. A profile in ~/.aws/config; in a temporary file here, so that yours is not changed.
AWS_CONFIG_FILE=$(mktemp)
export AWS_CONFIG_FILE
trap 'rm -f "$AWS_CONFIG_FILE"' EXIT
cat >"$AWS_CONFIG_FILE" <<CONFIG
[profile ivs-local]
aws_access_key_id = 123456789012
aws_secret_access_key = any
region = us-west-2
services = ivs-local

[services ivs-local]
ivs =
  endpoint_url = $url
CONFIG
aws --profile ivs-local ivs create-channel --name by-profile >/dev/null

names=$(aws --profile ivs-local ivs list-channels --query 'channels[].name' --output text)
echo "channels: $names"
[[ $names == $'by-option\tby-environment\tby-profile' ]]

# An invalid call fails as with AWS: exit status 254 and the name of the error.
if refused=$(aws --profile ivs-local ivs create-channel --name 'my lobby' 2>&1); then
    exit 1
fi
echo "$refused"
[[ $refused == *"(ValidationException) when calling the CreateChannel operation"* ]]
