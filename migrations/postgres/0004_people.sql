-- People: who may sign in, to which accounts they belong, and what they are signed in with. Nothing here is a secret
-- that could be used: passwords are hashed slowly, the random words of sessions, links and tokens quickly.

create table users (
    id          bigint  generated always as identity primary key,
    email       text    not null,
    email_key   text    collate "C" not null, -- the address folded to lower case
    name        text    not null,
    staff       text    check (staff in ('support', 'admin')),
    password    text, -- argon2id, as a PHC string; none: only a link lets this person in
    totp_secret text, -- Base32; none: no second factor
    totp_step   bigint  not null default 0, -- the last step of time whose code was used: each code counts once
    disabled    boolean not null default false,
    created_at  bigint  not null,
    constraint users_email_taken unique (email_key)
);

create table members (
    account_id bigint not null references accounts (id),
    user_id    bigint not null references users (id),
    role       text   not null check (role in ('viewer', 'editor', 'owner')),
    since      bigint not null,
    primary key (account_id, user_id)
);

create index members_by_user on members (user_id, account_id);

create table sessions (
    id         bigint generated always as identity primary key,
    hash       text   collate "C" not null unique, -- SHA-256 of the cookie
    user_id    bigint not null references users (id) on delete cascade,
    created_at bigint not null,
    seen_at    bigint not null,
    proved_at  bigint not null, -- when this person proved who they are; 0: the second step is to follow
    address    text   not null,
    agent      text   not null
);

create index sessions_by_user on sessions (user_id, id);

-- Browsers that somebody signed in with before: they are not kept waiting by what strangers try.
create table devices (
    hash       text   collate "C" not null primary key, -- SHA-256 of the cookie
    user_id    bigint not null references users (id) on delete cascade,
    created_at bigint not null
);

-- Words that let somebody in once who has lost the second factor.
create table recovery_codes (
    user_id bigint not null references users (id) on delete cascade,
    hash    text   collate "C" not null, -- SHA-256
    primary key (user_id, hash)
);

-- Links that work once: to a role in an account, or to a role of the installation.
create table invitations (
    id         bigint generated always as identity primary key,
    hash       text   collate "C" not null unique, -- SHA-256 of the link's word
    account_id bigint references accounts (id),
    role       text   check (role in ('viewer', 'editor', 'owner')),
    staff      text   check (staff in ('support', 'admin')),
    email      text   not null,
    email_key  text   collate "C" not null,
    invited_by text   not null,
    created_at bigint not null,
    expires_at bigint not null,
    check ((account_id is null) = (role is null)),
    check ((account_id is null) <> (staff is null))
);

create index invitations_by_account on invitations (account_id, id);

-- Links that work once: to a new password.
create table password_links (
    hash       text   collate "C" not null primary key, -- SHA-256 of the link's word
    user_id    bigint not null references users (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null
);

create table api_tokens (
    id         bigint generated always as identity primary key,
    hash       text   collate "C" not null unique, -- SHA-256 of the token
    account_id bigint not null references accounts (id),
    user_id    bigint not null references users (id) on delete cascade,
    name       text   not null,
    hint       text   not null, -- how the token begins, to tell it from others
    scope      text   not null check (scope in ('read', 'write')),
    created_at bigint not null,
    expires_at bigint not null,
    used_at    bigint
);

create index api_tokens_by_account on api_tokens (account_id, id);

-- Until when support may write in an account.
create table support_grants (
    account_id bigint not null primary key references accounts (id),
    granted_by text   not null,
    granted_at bigint not null,
    until      bigint not null
);

-- Every look of support at an account, for its owner to see.
create table looks (
    id         bigint generated always as identity primary key,
    account_id bigint not null references accounts (id),
    user_id    bigint not null references users (id),
    at         bigint not null,
    address    text   not null -- the page
);

create index looks_by_account on looks (account_id, id);

create trigger looks_are_insert_only before update or delete or truncate on looks
    for each statement execute function refuse_to_alter_history();
alter table looks enable always trigger looks_are_insert_only;

alter table changes
    drop constraint changes_subject_kind_check,
    add constraint changes_subject_kind_check
        check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding', 'person'));
