//! Answers of Upstash's REST protocol, read: `{"result": …}` or `{"error": "…"}`, or a list of those.

use super::RedisError;
use serde_json::Value;

/// The result of one command.
pub fn one(status: u16, body: &str) -> Result<Value, RedisError> {
    result(status, read(status, body)?)
}

/// The results of a pipeline or transaction, one for each of `commands`.
pub fn list(status: u16, body: &str, commands: usize) -> Result<Vec<Result<Value, RedisError>>, RedisError> {
    match read(status, body)? {
        Value::Array(results) if results.len() == commands => {
            Ok(results.into_iter().map(|one| result(200, one)).collect())
        }
        // A transaction that was discarded as a whole, or a request that was refused as a whole.
        other => match result(status, other) {
            Err(error) => Err(error),
            Ok(_) => Err(RedisError::Rubbish { status }),
        },
    }
}

fn read(status: u16, body: &str) -> Result<Value, RedisError> {
    serde_json::from_str(body).map_err(|_| of_status(status).unwrap_or(RedisError::Rubbish { status }))
}

fn result(status: u16, answer: Value) -> Result<Value, RedisError> {
    let Value::Object(mut fields) = answer else { return Err(RedisError::Rubbish { status }) };
    // First the error: an answer that has one has no value, whatever else it has.
    match (fields.remove("error"), fields.remove("result")) {
        (Some(Value::String(error)), _) => Err(match RedisError::told(&error) {
            RedisError::Refused(told) => of_status(status).unwrap_or(RedisError::Refused(told)),
            told => told,
        }),
        (None, Some(result)) if (200..300).contains(&status) => Ok(result),
        _ => Err(of_status(status).unwrap_or(RedisError::Rubbish { status })),
    }
}

/// What a status says by itself.
fn of_status(status: u16) -> Option<RedisError> {
    match status {
        401 | 403 => Some(RedisError::Unauthorized),
        413 => Some(RedisError::TooLarge("413".to_owned())),
        429 => Some(RedisError::TooManyRequests),
        500.. => Some(RedisError::Trouble { status }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_and_no_value_are_told_apart_from_an_error() {
        assert_eq!(one(200, r#"{"result":"OK"}"#), Ok(json!("OK")));
        assert_eq!(one(200, r#"{"result":null}"#), Ok(Value::Null));
        assert_eq!(one(200, r#"{"error":"ERR x"}"#), Err(RedisError::Refused("ERR x".to_owned())));
        assert_eq!(one(200, r#"{"result":1,"error":"ERR x"}"#), Err(RedisError::Refused("ERR x".to_owned())));
    }

    #[test]
    fn each_trouble_is_its_own_error() {
        let told = |status, body| one(status, body).err();
        let words = |body: &str| one(400, &json!({ "error": body }).to_string()).err();
        assert_eq!(told(401, r#"{"error":"Unauthorized"}"#), Some(RedisError::Unauthorized));
        assert_eq!(told(401, "Unauthorized"), Some(RedisError::Unauthorized));
        assert_eq!(told(429, "slow down"), Some(RedisError::TooManyRequests));
        assert_eq!(told(500, "<html>"), Some(RedisError::Trouble { status: 500 }));
        assert_eq!(told(503, r#"{"error":"upstream"}"#), Some(RedisError::Trouble { status: 503 }));
        assert!(matches!(words("ERR wrong number of arguments"), Some(RedisError::Refused(_))));
        assert!(matches!(words("ERR max requests limit exceeded. Limit: 500000"), Some(RedisError::Quota(_))));
        assert!(matches!(words("ERR DB capacity quota exceeded"), Some(RedisError::Full(_))));
        assert!(matches!(words("OOM command not allowed when used memory > 'maxmemory'"), Some(RedisError::Full(_))));
        assert!(matches!(words("ERR max request size exceeded. Limit: 10485760 bytes"), Some(RedisError::TooLarge(_))));
        assert_eq!(told(413, ""), Some(RedisError::TooLarge("413".to_owned())));
    }

    #[test]
    fn half_an_answer_and_rubbish_are_no_answer() {
        for body in ["", "{\"resu", "[1]", "null", "{}", "OK", r#"{"error":5}"#] {
            assert_eq!(one(200, body), Err(RedisError::Rubbish { status: 200 }), "{body}");
            assert_eq!(list(200, body, 2), Err(RedisError::Rubbish { status: 200 }), "{body}");
        }
    }

    #[test]
    fn a_list_has_a_result_for_each_command() {
        let body = r#"[{"result":1},{"error":"WRONGTYPE x"}]"#;
        let wrong = Err(RedisError::Refused("WRONGTYPE x".to_owned()));
        assert_eq!(list(200, body, 2), Ok(vec![Ok(json!(1)), wrong]));
        assert_eq!(list(200, body, 3), Err(RedisError::Rubbish { status: 200 }));
        let discarded = r#"{"error":"EXECABORT Transaction discarded"}"#;
        assert!(matches!(list(400, discarded, 2), Err(RedisError::Refused(_))));
    }
}
