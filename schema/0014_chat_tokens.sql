-- The key that chat tokens are encrypted with. It is made when the first token is.
CREATE TABLE chat_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key TEXT NOT NULL -- 32 bytes in base64url
) STRICT;

-- Chat tokens that were used, until they would have expired. Others are not stored.
CREATE TABLE used_chat_token (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    token_id TEXT NOT NULL,
    forget_at_ms INTEGER NOT NULL, -- by the machine's clock
    PRIMARY KEY (account, region, token_id)
) STRICT, WITHOUT ROWID;

-- To delete those that need not be remembered any more.
CREATE INDEX used_chat_token_by_time ON used_chat_token (forget_at_ms);
