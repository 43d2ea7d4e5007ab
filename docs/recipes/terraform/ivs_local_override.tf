# Terraform merges files named *_override.tf over the others: while this file exists, IVS is
# IVS Local. Git ignores it, so it does not reach production.
terraform {
  # A state of its own: never mix the ARNs of IVS Local with those of AWS.
  backend "local" {
    path = "ivs-local.tfstate"
  }
}

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "123456789012" # the account
  secret_key                  = "any"
  skip_credentials_validation = true # otherwise it calls STS
  skip_requesting_account_id  = true # otherwise it calls STS and IAM
  skip_metadata_api_check     = true # otherwise it reads the metadata of an EC2 instance
  skip_region_validation      = true

  endpoints {
    ivs     = "http://127.0.0.1:4580"
    ivschat = "http://127.0.0.1:4580"
  }
}
