//! A client of IVS with its own account, and the control API of IVS Local for that account.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_ivs::config::Credentials;
use aws_sdk_ivs::Client;
use aws_sigv4::http_request::{sign, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::tls::{rustls_provider::CryptoMode, Provider};
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const REGION: &str = "us-east-1";

pub struct IvsLocal {
    pub client: Client,
    endpoint: String,
    credentials: Credentials,
}

/// Returns 12 digits that no other test uses.
fn new_account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970");
    let seed = now.as_micros() as u64 * 100 + NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:012}", seed % 1_000_000_000_000)
}

impl IvsLocal {
    /// Returns a client with its own account, so that tests do not see each other's resources.
    pub async fn new(endpoint: String) -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let credentials = Credentials::new(new_account(), "test", None, None, "test");
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .endpoint_url(&endpoint)
            .region(Region::new(REGION))
            .credentials_provider(credentials.clone())
            .load()
            .await;
        Self {
            client: Client::new(&config),
            endpoint,
            credentials,
        }
    }

    /// Calls an operation of the control API for the account and region of the client. Returns
    /// the parsed response, or null if it has no body, or the message of the error.
    pub fn control(&self, operation: &str, members: Value) -> Result<Value, String> {
        let url = format!("{}/_ivs-local/{operation}", self.endpoint);
        let body = members.to_string();
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name("ivs")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .expect("all parameters")
            .into();
        let request = SignableRequest::new(
            "POST",
            &url,
            std::iter::empty(),
            SignableBody::Bytes(body.as_bytes()),
        )
        .expect("a request that can be signed");
        let (signed, _) = sign(request, &params).expect("a signature").into_parts();

        let mut call = ureq::post(&url)
            .config()
            .http_status_as_error(false)
            .build();
        for (name, value) in signed.headers() {
            call = call.header(name, value);
        }
        let mut response = call.send(&body).map_err(|error| error.to_string())?;
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| error.to_string())?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let parsed: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(format!("{operation}: {status} {}", parsed["message"]));
        }
        if let Some(warning) = parsed.get("warning") {
            eprintln!("{operation}: {warning}");
        }
        Ok(parsed)
    }
}
