-- People: who may sign in, to which accounts they belong, and what they are signed in with. Nothing here is a secret
-- that could be used: passwords are hashed slowly, the random words of sessions, links and tokens quickly.

create table users (
    id          integer primary key autoincrement, -- an id is never given twice
    email       text    not null,
    email_key   text    not null, -- the address folded to lower case
    name        text    not null,
    staff       text    check (staff in ('support', 'admin')),
    password    text, -- argon2id, as a PHC string; none: only a link lets this person in
    totp_secret text, -- Base32; none: no second factor
    totp_step   integer not null default 0, -- the last step of time whose code was used: each code counts once
    disabled    integer not null default 0 check (disabled in (0, 1)),
    created_at  integer not null,
    constraint users_email_taken unique (email_key)
) strict;

create table members (
    account_id integer not null references accounts (id),
    user_id    integer not null references users (id),
    role       text    not null check (role in ('viewer', 'editor', 'owner')),
    since      integer not null,
    primary key (account_id, user_id)
) strict, without rowid;

create index members_by_user on members (user_id, account_id);

create table sessions (
    id         integer primary key autoincrement,
    hash       text    not null unique, -- SHA-256 of the cookie
    user_id    integer not null references users (id) on delete cascade,
    created_at integer not null,
    seen_at    integer not null,
    proved_at  integer not null, -- when this person proved who they are; 0: the second step is to follow
    address    text    not null,
    agent      text    not null
) strict;

create index sessions_by_user on sessions (user_id, id);

-- Browsers that somebody signed in with before: they are not kept waiting by what strangers try.
create table devices (
    hash       text    not null primary key, -- SHA-256 of the cookie
    user_id    integer not null references users (id) on delete cascade,
    created_at integer not null
) strict, without rowid;

-- Words that let somebody in once who has lost the second factor.
create table recovery_codes (
    user_id integer not null references users (id) on delete cascade,
    hash    text    not null, -- SHA-256
    primary key (user_id, hash)
) strict, without rowid;

-- Links that work once: to a role in an account, or to a role of the installation.
create table invitations (
    id         integer primary key autoincrement,
    hash       text    not null unique, -- SHA-256 of the link's word
    account_id integer references accounts (id),
    role       text    check (role in ('viewer', 'editor', 'owner')),
    staff      text    check (staff in ('support', 'admin')),
    email      text    not null,
    email_key  text    not null,
    invited_by text    not null,
    created_at integer not null,
    expires_at integer not null,
    check ((account_id is null) = (role is null)),
    check ((account_id is null) <> (staff is null))
) strict;

create index invitations_by_account on invitations (account_id, id);

-- Links that work once: to a new password.
create table password_links (
    hash       text    not null primary key, -- SHA-256 of the link's word
    user_id    integer not null references users (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;

create table api_tokens (
    id         integer primary key autoincrement,
    hash       text    not null unique, -- SHA-256 of the token
    account_id integer not null references accounts (id),
    user_id    integer not null references users (id) on delete cascade,
    name       text    not null,
    hint       text    not null, -- how the token begins, to tell it from others
    scope      text    not null check (scope in ('read', 'write')),
    created_at integer not null,
    expires_at integer not null,
    used_at    integer
) strict;

create index api_tokens_by_account on api_tokens (account_id, id);

-- Until when support may write in an account.
create table support_grants (
    account_id integer not null primary key references accounts (id),
    granted_by text    not null,
    granted_at integer not null,
    until      integer not null
) strict, without rowid;

-- Every look of support at an account, for its owner to see.
create table looks (
    id         integer primary key autoincrement,
    account_id integer not null references accounts (id),
    user_id    integer not null references users (id),
    at         integer not null,
    address    text    not null -- the page
) strict;

create index looks_by_account on looks (account_id, id);

create trigger looks_are_not_updated before update on looks begin
    select raise(abort, 'looks is insert-only: who looked stays as it was written');
end;

create trigger looks_are_not_deleted before delete on looks begin
    select raise(abort, 'looks is insert-only: who looked stays as it was written');
end;

-- Built anew for what changes can be made to; so are its triggers.
create table new_changes (
    account_id   integer not null,
    version      integer not null,
    seq          integer not null,
    subject_kind text    not null
                 check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding', 'person')),
    subject_id   integer not null, -- the account's or the thing's id, the digits of the number
    label        text    not null,
    before       text,
    after        text,
    primary key (account_id, version, seq)
) strict, without rowid;

insert into new_changes (account_id, version, seq, subject_kind, subject_id, label, before, after)
select account_id, version, seq, subject_kind, subject_id, label, before, after
from changes order by account_id, version, seq;

drop table changes;
alter table new_changes rename to changes;

create index changes_by_subject on changes (account_id, subject_kind, subject_id, version);

create trigger changes_are_not_updated before update on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger changes_are_not_deleted before delete on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger changes_are_complete before insert on changes
when exists (select 1 from operations where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'changes is insert-only: the operation of these rows is complete');
end;
