-- The key that chat tokens are encrypted with. It is made when the first token is.
CREATE TABLE chat_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key TEXT NOT NULL, -- 32 bytes in base64url
    tokens INTEGER NOT NULL -- how many were made with it
) STRICT;

-- Chat tokens that were used, until they expire. Others are not stored.
CREATE TABLE used_chat_token (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    token_id TEXT NOT NULL,
    expires_ms INTEGER NOT NULL, -- by the clock of the account and region
    PRIMARY KEY (account, region, token_id)
) STRICT, WITHOUT ROWID;

-- To delete those that have expired.
CREATE INDEX used_chat_token_by_time ON used_chat_token (account, region, expires_ms);
