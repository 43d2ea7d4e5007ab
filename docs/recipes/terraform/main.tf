# The AWS provider pointed at IVS Local, and resources that it can create there. Resources of other
# services still go to AWS.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "123456789012"
  secret_key                  = "any"
  skip_credentials_validation = true # otherwise it calls STS
  skip_requesting_account_id  = true # otherwise it calls STS and IAM
  skip_metadata_api_check     = true # otherwise it reads the metadata of an EC2 instance
  skip_region_validation      = true

  endpoints {
    ivs = "http://127.0.0.1:4580" # or AWS_ENDPOINT_URL_IVS in the environment
  }
}

resource "aws_ivs_recording_configuration" "films" {
  name = "films"
  destination_configuration {
    s3 {
      bucket_name = "demo-recordings" # need not exist
    }
  }
}

resource "aws_ivs_channel" "lobby" {
  name                        = "lobby"
  recording_configuration_arn = aws_ivs_recording_configuration.films.arn
  tags = {
    team = "video"
  }
}

data "aws_ivs_stream_key" "lobby" {
  channel_arn = aws_ivs_channel.lobby.arn
}

output "stream_key" {
  value     = data.aws_ivs_stream_key.lobby.value
  sensitive = true
}
