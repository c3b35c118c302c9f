#!/usr/bin/env bash
# A longer walk-through than the README's, with three callers; `eval` stands for pasting.
#
#   ADMIN, WORKER, JANITOR    the lines that `kms-fixture serve` prints for these callers
#   KEY                       the ARN of a key
#   WORKER_ARN, JANITOR_ARN   the roles: the grantee, and the one who may retire the grant
set -euo pipefail

# The administrator lets the worker use the key, and the janitor clean up.
eval "$ADMIN"
token=$(aws kms create-grant --key-id "$KEY" --name nightly \
    --grantee-principal "$WORKER_ARN" --retiring-principal "$JANITOR_ARN" \
    --operations Decrypt DescribeKey --query GrantToken --output text)
aws kms list-grants --key-id "$KEY"

# The worker may do what the grant says.
eval "$WORKER"
aws kms describe-key --key-id "$KEY" --query KeyMetadata.KeyState

# It may not retire the grant: AccessDeniedException.
if aws kms retire-grant --grant-token "$token"; then
    exit 1
fi

# The janitor finds the grant, and retires it.
eval "$JANITOR"
aws kms list-retirable-grants --retiring-principal "$JANITOR_ARN"
aws kms retire-grant --grant-token "$token"

# It is gone.
eval "$ADMIN"
aws kms list-grants --key-id "$KEY"
