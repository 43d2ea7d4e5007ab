//! The journey of ../journey.md with the AWS SDK for Rust.
mod chat;
mod parsed;
mod raw;
mod refusals;
mod resources;
mod streams;

use aws_config::retry::RetryConfig;
use aws_config::BehaviorVersion;
use aws_sdk_ivs::Client;
use aws_smithy_http_client::tls::{rustls_provider::CryptoMode, Provider};
use std::fmt::Display;
use std::future::Future;
use std::process::ExitCode;

/// Why a step failed.
pub type Fault = Box<dyn std::error::Error>;
pub type Outcome = Result<(), Fault>;

/// Three clients, and the results of the steps so far.
pub struct Journey {
    /// Calls once.
    pub once: Client,
    /// Retries like the SDK by default.
    pub patient: Client,
    /// Calls once.
    pub chat: aws_sdk_ivschat::Client,
    failed: bool,
}

impl Journey {
    async fn begin() -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .load()
            .await;
        let once = aws_sdk_ivs::config::Builder::from(&config)
            .retry_config(RetryConfig::disabled())
            .build();
        let chat = aws_sdk_ivschat::config::Builder::from(&config)
            .retry_config(RetryConfig::disabled())
            .build();
        Journey {
            once: Client::from_conf(once),
            patient: Client::new(&config),
            chat: aws_sdk_ivschat::Client::from_conf(chat),
            failed: false,
        }
    }

    /// Runs one step.
    pub async fn step(&mut self, name: &str, run: impl Future<Output = Outcome>) {
        let outcome = match raw::control("Reset", serde_json::json!({})) {
            Ok(_) => run.await,
            Err(fault) => Err(fault),
        };
        match outcome {
            Ok(()) => println!("step {name} passed"),
            Err(fault) => {
                self.failed = true;
                println!("step {name} FAILED: {fault}");
            }
        }
    }
}

/// Returns an error unless the two are the same.
pub fn equal<T: PartialEq + Display>(seen: T, wanted: T) -> Outcome {
    if seen == wanted {
        return Ok(());
    }
    Err(format!("{seen} is not {wanted}").into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    println!("sdk aws-sdk-ivs {}", aws_sdk_ivs::meta::PKG_VERSION);
    println!("sdk aws-sdk-ivschat {}", aws_sdk_ivschat::meta::PKG_VERSION);
    let mut journey = Journey::begin().await;
    resources::take(&mut journey).await;
    streams::take(&mut journey).await;
    refusals::take(&mut journey).await;
    chat::take(&mut journey).await;
    ExitCode::from(u8::from(journey.failed))
}
