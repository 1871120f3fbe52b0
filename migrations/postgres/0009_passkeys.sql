-- Passkeys (WebAuthn): what somebody signs in with instead of a password and a code. The database has public keys only.

create table passkeys (
    id            bigint generated always as identity primary key,
    user_id       bigint not null references users (id) on delete cascade,
    handle        bytea  not null, -- random: what the authenticator keeps of whose it is
    credential_id bytea  not null unique,
    credential    text   not null, -- the public key and the counter of signatures, as JSON
    name          text   not null,
    created_at    bigint not null,
    used_at       bigint
);

create index passkeys_by_user on passkeys (user_id, id);

-- What a browser was asked to sign, until it comes back: each works once.
create table passkey_ceremonies (
    hash       text   collate "C" not null primary key, -- SHA-256 of the cookie
    user_id    bigint references users (id) on delete cascade, -- who adds a passkey; none: somebody signs in
    state      text   not null, -- JSON
    expires_at bigint not null
);

create index passkey_ceremonies_by_age on passkey_ceremonies (expires_at);
