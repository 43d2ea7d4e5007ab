# Code as for AWS: nothing in this file is about IVS Local. See README.md.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 7.0"
    }
  }
}

provider "aws" {
  region = "us-west-2"
}

resource "aws_ivs_recording_configuration" "films" {
  name = "films"
  destination_configuration {
    s3 {
      bucket_name = "demo-recordings" # IVS Local does not look for the bucket
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
