//! Notes: what the staff tells a customer, of a DID or of the whole account.

use routing::{AccountId, E164};
use serde_json::{Value, json};
use store::{NewChange, NewNote, Note, NoteId, Subject};

use crate::history::{Done, OperationKind};
use crate::labels::lines;
use crate::limits::{NOTE_CHARS_MAX, NOTES_MAX};
use crate::{Actor, Error, Field, Noun, Portal, Problem, Result};

impl Portal {
    /// The notes of an account, those on its DIDs among them, the latest first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn notes(&self, actor: &Actor, account: AccountId) -> Result<Vec<Note>> {
        actor.may_read(account)?;
        Ok(self.store.notes(account).await?)
    }

    /// Tells the customer something: of one of their DIDs, or of the account. It changes nothing of how calls are
    /// routed, so that support needs no grant for it.
    ///
    /// # Errors
    /// [`Error::Refused`] for an empty or a long text; [`Error::Limit`]; [`Error::NotFound`] also for who is not of the
    /// staff.
    pub async fn write_note(
        &self,
        actor: &Actor,
        account: AccountId,
        number: Option<E164>,
        typed: &str,
    ) -> Result<()> {
        actor.may_read(account)?;
        actor.may_see_all()?;
        let text = lines(typed);
        if text.is_empty() {
            return Err(Error::refused(Field::Note, Problem::Missing));
        }
        if text.chars().count() > NOTE_CHARS_MAX {
            return Err(Error::refused(Field::Note, Problem::TooLong { max: NOTE_CHARS_MAX }));
        }
        let mut tx = self.store.begin(account).await?;
        if let Some(number) = number
            && tx.dids_by_number(&[number]).await?.is_empty()
        {
            return Err(Error::NotFound(Noun::Did));
        }
        if tx.count_notes().await? >= NOTES_MAX {
            return Err(Error::Limit { what: Noun::Note, max: NOTES_MAX });
        }
        tx.insert_note(&NewNote { number, text: text.clone(), by: actor.name().to_owned() }).await?;
        let about = about(number, tx.account());
        tx.record(&[note_change(&about, None, Some(&text))]).await?;
        tx.commit(Done::one(OperationKind::WriteNote, &about).by(actor, account)).await?;
        Ok(())
    }

    /// Takes a note away: the staff may, and whoever may change the account.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn remove_note(&self, actor: &Actor, account: AccountId, id: NoteId) -> Result<()> {
        match actor.staff() {
            Some(_) => actor.may_read(account)?,
            None => actor.may_write(account)?,
        }
        let mut tx = self.store.begin(account).await?;
        let note = tx.delete_note(id).await?;
        let about = about(note.number, tx.account());
        tx.record(&[note_change(&about, Some(&note.text), None)]).await?;
        tx.commit(Done::one(OperationKind::RemoveNote, &about).by(actor, account)).await?;
        Ok(())
    }
}

fn about(number: Option<E164>, account: &store::Account) -> String {
    number.map_or_else(|| account.name.clone(), |number| number.to_string())
}

fn note_change(about: &str, before: Option<&str>, after: Option<&str>) -> NewChange {
    let side = |text: &str| -> Value { json!({ "note": text }) };
    NewChange::of(Subject::Note, about, before.map(side), after.map(side))
}
