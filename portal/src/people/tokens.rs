//! API tokens: shown once, for one account, with an end.

use routing::AccountId;
use serde_json::json;
use store::{NewToken, Scope, Secret, TokenId, UnixMs};

use super::first_visit::in_days;
use super::{checked, moment, person_change};
use crate::history::{Done, OperationKind};
use crate::labels::text;
use crate::limits::{LABEL_CHARS_MAX, TOKEN_DAYS_MAX, TOKENS_MAX};
use crate::{Actor, Error, Field, Forbidden, Noun, Portal, Problem, Result, SignedIn};

/// What a token begins with: searches for leaked secrets know it by this.
const PREFIX: &str = "swb_";
/// Digits after the prefix that tell a token from others in a list.
const HINT_DIGITS: usize = 6;

/// A token as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenDraft {
    /// What it is for.
    pub name: String,
    /// The scope's stable name.
    pub scope: String,
    /// For how many days it works.
    pub days: String,
}

/// A token that was made: it is shown once.
#[derive(Debug)]
pub struct MadeToken {
    secret: Secret,
    /// What it is for.
    pub name: String,
    /// Until when it works.
    pub expires_at: UnixMs,
}

impl MadeToken {
    /// The text that the program is given.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", self.secret.reveal())
    }
}

/// The secret of a token's text, if it is one of ours.
pub(super) fn secret_of(text: &str) -> Option<Secret> {
    text.trim().strip_prefix(PREFIX)?.parse().ok()
}

impl Portal {
    /// Makes a token for an account. It can do nothing that its maker cannot.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`] for who does not belong to the account, or may not write for the scope
    /// write; [`Error::Limit`].
    pub async fn make_token(
        &self,
        who: &SignedIn,
        account: AccountId,
        draft: &TokenDraft,
    ) -> Result<MadeToken> {
        let actor = &who.actor;
        actor.may_read(account)?;
        let (user, _) = who.person()?;
        who.is_fresh()?;
        if actor.role(account).is_none() {
            return Err(Forbidden::NotOwner.into());
        }
        let mut problems = Vec::new();
        let name = text(&draft.name, LABEL_CHARS_MAX).and_then(|name| name.ok_or(Problem::Missing));
        let name = checked(Field::TokenName, name, &mut problems);
        let scope =
            checked(Field::Scope, Scope::parse(&draft.scope).ok_or(Problem::UnknownScope), &mut problems);
        let days = draft.days.trim().parse::<i64>().ok().filter(|days| (1..=TOKEN_DAYS_MAX).contains(days));
        let days = checked(Field::Days, days.ok_or(Problem::Days), &mut problems);
        let (Some(name), Some(scope), Some(days)) = (name, scope, days) else {
            return Err(Error::Refused(problems));
        };
        if scope == Scope::Write {
            actor.may_write(account)?;
        }
        let there = self.store.tokens(account).await?;
        if there.len() >= TOKENS_MAX {
            return Err(Error::Limit { what: Noun::Token, max: TOKENS_MAX as u64 });
        }
        // A form that is sent once more by a reload makes no second one.
        let now = UnixMs::now();
        if there.iter().any(|other| other.by == who.email && other.name == name && other.expires_at > now) {
            return Err(Error::refused(Field::TokenName, Problem::TokenNameTaken));
        }
        let (secret, expires_at) = (Secret::random()?, in_days(days));
        let hint = format!("{PREFIX}{}", &secret.reveal()[..HINT_DIGITS]);
        let mut tx = self.store.begin(account).await?;
        let new = NewToken { hash: secret.hash(), user, name: name.clone(), hint, scope, expires_at };
        tx.insert_token(&new).await?;
        let after = json!({ "scope": scope.as_str(), "works_until": moment(expires_at) });
        tx.record(&[person_change(&name, None, Some(after))]).await?;
        tx.commit(Done::one(OperationKind::MakeToken, &name).by(actor, account)).await?;
        Ok(MadeToken { secret, name, expires_at })
    }

    /// Revokes a token: one's own, or as an owner any.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn revoke_token(&self, actor: &Actor, account: AccountId, token: TokenId) -> Result<()> {
        let team = self.team(actor, account).await?;
        if actor.via() == crate::Via::Api {
            return Err(Forbidden::Token.into());
        }
        // Whoever may not manage the account sees only their own.
        let found = team.tokens.iter().find(|found| found.id == token).ok_or_else(|| match team.manages {
            true => Error::NotFound(Noun::Token),
            false => Forbidden::NotOwner.into(),
        })?;
        let before = json!({ "scope": found.scope.as_str(), "works_until": moment(found.expires_at) });
        let mut tx = self.store.begin(account).await?;
        let name = tx.delete_token(token).await?;
        tx.record(&[person_change(&name, Some(before), None)]).await?;
        tx.commit(Done::one(OperationKind::RevokeToken, &name).by(actor, account)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_prefix() {
        let secret = Secret::random().unwrap();
        let made = MadeToken { secret: secret.clone(), name: "x".into(), expires_at: UnixMs(0) };
        assert_eq!(secret_of(&format!(" {}\n", made.reveal())), Some(secret.clone()));
        assert_eq!(secret_of(&secret.reveal()), None);
        assert_eq!(secret_of("swb_"), None);
        assert!(!format!("{made:?}").contains(&secret.reveal()));
    }
}
