//! Bare calls.
use crate::Fault;
use serde_json::Value;

/// Removes the zeros at the end of times, where the SDK has none.
fn trim_times(said: &mut Value) {
    match said {
        Value::Object(members) => members.values_mut().for_each(trim_times),
        Value::Array(items) => items.iter_mut().for_each(trim_times),
        Value::String(text) if is_time_with_fraction(text) => {
            let digits = text.trim_end_matches('Z').trim_end_matches('0');
            *text = format!("{}Z", digits.trim_end_matches('.'));
        }
        _ => {}
    }
}

fn is_time_with_fraction(text: &str) -> bool {
    text.len() == "2020-05-05T21:55:38.123Z".len()
        && text.as_bytes()[10] == b'T'
        && text.contains('.')
        && text.ends_with('Z')
}

/// The status and the parsed JSON.
pub fn post(path: &str, members: Value) -> Result<(u16, Value), Fault> {
    let url = format!("{}/{path}", std::env::var("AWS_ENDPOINT_URL_IVS")?);
    let mut answer = ureq::post(url)
        .config()
        .http_status_as_error(false)
        .build()
        .send_json(members)?;
    let text = answer.body_mut().read_to_string()?;
    let mut said = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text)?
    };
    trim_times(&mut said);
    Ok((answer.status().as_u16(), said))
}

/// The response of a bare call that succeeds.
pub fn raw(path: &str, members: Value) -> Result<Value, Fault> {
    let (status, said) = post(path, members)?;
    if status >= 300 {
        return Err(format!("{path}: {status} {said}").into());
    }
    Ok(said)
}

pub fn control(operation: &str, members: Value) -> Result<Value, Fault> {
    raw(&format!("_ivs-local/{operation}"), members)
}

/// The text at that path in JSON.
pub fn text(said: &Value, pointer: &str) -> Result<String, Fault> {
    let found = said.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .ok_or_else(|| format!("no text at {pointer} of {said}"))?
        .to_owned())
}

/// The ARN of a channel that a bare call created.
pub fn new_channel(members: Value) -> Result<String, Fault> {
    text(&raw("CreateChannel", members)?, "/channel/arn")
}

/// JSON with these members in place of its own.
pub fn with(mut said: Value, members: Value) -> Value {
    for (name, member) in members.as_object().into_iter().flatten() {
        said[name.as_str()] = member.clone();
    }
    said
}
