#!/usr/bin/env bash
# Three ways to point the AWS CLI at IVS Local, and its control API from a shell.
set -euo pipefail

url=${AWS_ENDPOINT_URL_IVS:-http://127.0.0.1:4580}
unset AWS_ENDPOINT_URL_IVS
# An account that nobody else uses, so that the lists below contain only what happens here.
account=$(printf '9%011d' "$((RANDOM * 32768 + RANDOM))")
export AWS_ACCESS_KEY_ID=$account AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-west-2

# 1. An option, for a single call.
aws --endpoint-url "$url" ivs create-channel --name by-option >/dev/null

# 2. A profile in ~/.aws/config; in a temporary file here, so that yours is not changed.
AWS_CONFIG_FILE=$(mktemp)
export AWS_CONFIG_FILE
trap 'rm -f "$AWS_CONFIG_FILE"' EXIT
cat >"$AWS_CONFIG_FILE" <<CONFIG
[profile ivs-local]
aws_access_key_id = $account
aws_secret_access_key = any
region = us-west-2
services = ivs-local

[services ivs-local]
ivs =
  endpoint_url = $url
CONFIG
aws --profile ivs-local ivs create-channel --name by-profile >/dev/null

# 3. The environment, for everything in a shell or a CI job. Only calls to IVS go there.
export AWS_ENDPOINT_URL_IVS=$url
aws ivs create-channel --name by-environment >/dev/null

names=$(aws ivs list-channels --query 'channels[].name' --output text)
echo "channels: $names"
[[ $names == $'by-option\tby-profile\tby-environment' ]]

# An invalid call fails as with AWS: exit status 254 and the name of the error.
if refused=$(aws ivs create-channel --name 'my lobby' 2>&1); then
    exit 1
fi
echo "$refused"
[[ $refused == *"(ValidationException) when calling the CreateChannel operation"* ]]

# control OPERATION [JSON]: calls the control API for the account and region of the CLI, since
# curl signs the call with the same key and region. Prints the response; fails on errors.
control() {
    curl --silent --show-error --fail-with-body \
        --aws-sigv4 "aws:amz:$AWS_DEFAULT_REGION:ivs" \
        --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
        --data "${2:-{\}}" "$AWS_ENDPOINT_URL_IVS/_ivs-local/$1"
    echo
}

# A fault makes the next call fail.
control PutFault '{"operation": "ListChannels", "error": "PendingVerification", "times": 1}'
if refused=$(aws ivs list-channels 2>&1); then
    exit 1
fi
[[ $refused == *"(PendingVerification) when calling the ListChannels operation"* ]]

# The clock of this account and region moves. The next test begins with the real time.
moved=$(control AdvanceClock '{"seconds": 3600}')
[[ $moved == *'"offsetSeconds":3600'* ]]
control ResetClock

# The calls of this account and region that failed.
failed=$(control ListRequests '{"errorsOnly": true}')
[[ $failed == *'"error":"ValidationException"'*'"error":"PendingVerification"'* ]]
