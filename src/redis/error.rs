//! What can go wrong between us and Redis, each its own kind.

/// Why a command gave nothing. The texts are for the log; none holds the token, and clients learn a code only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisError {
    /// No connection, or it broke before the whole answer had come. What was asked may have been done.
    #[error("no connection to Redis: {0}")]
    Unreachable(String),
    /// No answer in time. What was asked may have been done, or may still be.
    #[error("Redis did not answer in time")]
    TimedOut,
    /// The answer is not what the protocol says: half of it, or something else altogether.
    #[error("Redis answered {status} with something that is no answer")]
    Rubbish {
        /// The HTTP status it came with.
        status: u16,
    },
    /// 401: the token is wrong.
    #[error("Redis refuses UPSTASH_REDIS_REST_TOKEN")]
    Unauthorized,
    /// 429: too many requests at once.
    #[error("Redis is asked too often")]
    TooManyRequests,
    /// The plan's commands, or its bandwidth, are used up.
    #[error("the quota of the Redis plan is used up: {0}")]
    Quota(String),
    /// The database holds no more.
    #[error("the Redis database is full: {0}")]
    Full(String),
    /// More in one request, or in one record, than the plan allows.
    #[error("a request was too large for Redis: {0}")]
    TooLarge(String),
    /// 400, or an error in a list of results: Redis understood the command and refuses it.
    #[error("Redis refuses a command: {0}")]
    Refused(String),
    /// 5xx: trouble on the other side.
    #[error("Redis has trouble of its own: {status}")]
    Trouble {
        /// The HTTP status.
        status: u16,
    },
}

impl RedisError {
    /// Whether the same command may fare better in a moment.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::TimedOut | Self::TooManyRequests | Self::Trouble { .. } => true,
            // Half an answer is a connection that broke.
            Self::Rubbish { status } => *status == 200,
            Self::Unauthorized | Self::Quota(_) | Self::Full(_) | Self::TooLarge(_) | Self::Refused(_) => false,
        }
    }

    /// What the words of an error say. Upstash tells its limits in words, behind the same status as any other error.
    pub(super) fn told(error: &str) -> Self {
        let lower = error.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        // A command that a Redis lacks it tells with its arguments, and those may be what somebody said.
        let error = error.split(", with args").next().unwrap_or_default().chars().take(200).collect();
        match () {
            () if says(&["wrongpass", "unauthorized", "noauth", "http basic"]) => Self::Unauthorized,
            () if says(&[
                "max request size",
                "max record size",
                "max single record size",
                "max key size",
                "request size limit",
                "too large",
            ]) =>
            {
                Self::TooLarge(error)
            }
            () if says(&[
                "max data size",
                "max database size",
                "db capacity",
                "storage quota",
                "used memory",
                "oom ",
            ]) =>
            {
                Self::Full(error)
            }
            () if says(&[
                "max requests limit",
                "max daily request",
                "daily request limit",
                "max requests",
                "bandwidth limit",
                "quota",
            ]) =>
            {
                Self::Quota(error)
            }
            () if says(&["too many requests", "rate limit", "max concurrent"]) => Self::TooManyRequests,
            () => Self::Refused(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_redis_lacks_is_told_without_its_arguments() {
        let told = RedisError::told("ERR unknown command 'ZADD', with args beginning with: 'a key' '1.5' 'a secret'");
        assert_eq!(told, RedisError::Refused("ERR unknown command 'ZADD'".to_owned()));
    }
}
