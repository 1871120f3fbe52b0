-- Passkeys (WebAuthn): what somebody signs in with instead of a password and a code. The database has public keys only.

create table passkeys (
    id            integer primary key autoincrement,
    user_id       integer not null references users (id) on delete cascade,
    handle        blob    not null, -- random: what the authenticator keeps of whose it is
    credential_id blob    not null unique,
    credential    text    not null, -- the public key and the counter of signatures, as JSON
    name          text    not null,
    created_at    integer not null,
    used_at       integer
) strict;

create index passkeys_by_user on passkeys (user_id, id);

-- What a browser was asked to sign, until it comes back: each works once.
create table passkey_ceremonies (
    hash       text    not null primary key, -- SHA-256 of the cookie
    user_id    integer references users (id) on delete cascade, -- who adds a passkey; none: somebody signs in
    state      text    not null, -- JSON
    expires_at integer not null
) strict;

create index passkey_ceremonies_by_age on passkey_ceremonies (expires_at);
