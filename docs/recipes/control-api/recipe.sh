#!/usr/bin/env bash
# The control API as a service of the AWS CLI.
set -euo pipefail

url=${AWS_ENDPOINT_URL_IVS:-http://127.0.0.1:4580}
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-west-2
export AWS_ENDPOINT_URL_IVS=$url AWS_ENDPOINT_URL_IVS_LOCAL=$url

# The model is stored in ~/.aws/models; in a temporary folder here, so that yours is not
# changed.
HOME=$(mktemp -d)
export HOME
trap 'rm -rf "$HOME"' EXIT
curl -sS "$url/_ivs-local/model.json" >"$HOME/ivs-local.json"
aws configure add-model --service-name ivs-local --service-model "file://$HOME/ivs-local.json"

# It has the same account and region as the calls of the service: the fault is for them.
aws ivs-local put-fault --operation CreateChannel --error PendingVerification --times 1
if refused=$(aws ivs create-channel --name lobby 2>&1); then
    exit 1
fi
echo "$refused"
[[ $refused == *"(PendingVerification) when calling the CreateChannel operation"* ]]

arn=$(aws ivs create-channel --name lobby --query channel.arn --output text)
aws ivs-local start-stream --channel-arn "$arn" --viewer-count 3 >/dev/null
viewers=$(aws ivs get-stream --channel-arn "$arn" --query stream.viewerCount)
echo "viewers: $viewers"
[[ $viewers == 3 ]]
aws ivs-local end-stream --channel-arn "$arn"
