//! The door: what is asked of the Directory is counted by its object first, before Redis or a table of accounts is asked,
//! and before any hashing. What was refused is remembered here, in the isolate, so that asking on costs nobody anything.

use super::session::Visit;
use crate::auth::device;
use crate::directory::embedded::client::Object;
use crate::directory::embedded::ToObject;
use crate::domain::time::Millis;
use crate::limits::bucket::{Bucket, Shelf};
use crate::limits::door::{Attempt, Denied, Token};
use crate::limits::{whole_seconds, TooOften};
use crate::protocol::code::{Code, Refusal};
use std::cell::{Cell, RefCell};

thread_local! {
    /// By the number of a token that was not there, when it will be.
    static REFUSED: RefCell<Shelf> = const { RefCell::new(Shelf::new()) };
    /// Until when nobody new comes in.
    static SPENT_UNTIL: Cell<Millis> = const { Cell::new(0) };
}

/// An attempt that was let through, and what it has taken.
pub struct Admitted(Vec<Token>);

impl Visit<'_> {
    /// Lets an attempt through, or says when to come again.
    pub async fn admit(&self, attempt: Attempt<'_>) -> Result<Admitted, Refusal> {
        let alias = |what: &str| device::alias(&self.keys.current, what).unwrap_or_default();
        let tokens = attempt.tokens(self.from, alias);
        let adds = attempt.adds() && self.settings.budget.is_set();
        if adds && SPENT_UNTIL.get() > self.now {
            return Err(budget_spent(SPENT_UNTIL.get() - self.now));
        }
        let refused = REFUSED.with_borrow(|refused| tokens.iter().map(|token| refused.of(token.0).0).max());
        if let Some(until) = refused.filter(|until| *until > self.now) {
            return Err(TooOften(until - self.now).into());
        }
        if tokens.is_empty() && !adds {
            return Ok(Admitted(tokens));
        }
        let denied: Option<Denied> = Object::connect(self.env)?.call(&ToObject::Take(tokens.clone(), adds)).await?;
        let Some(Denied { token, wait }) = denied else { return Ok(Admitted(tokens)) };
        let until = self.now + wait;
        match token.and_then(|place| tokens.get(place)) {
            Some(token) => {
                REFUSED.with_borrow_mut(|refused| refused.keep(token.0, Bucket(until), self.now));
                Err(TooOften(wait).into())
            }
            None => {
                SPENT_UNTIL.set(until);
                Err(budget_spent(wait))
            }
        }
    }

    /// Gives back what an attempt has taken that was to show whether somebody knows a secret, unless the secret was wrong.
    pub async fn settle<T>(&self, admitted: Admitted, outcome: Result<T, Refusal>) -> Result<T, Refusal> {
        if !outcome.as_ref().is_err_and(|refusal| refusal.code == Code::WrongLogin) {
            self.give_back(admitted).await;
        }
        outcome
    }

    async fn give_back(&self, Admitted(tokens): Admitted) {
        if tokens.is_empty() {
            return;
        }
        let given = match Object::connect(self.env) {
            Ok(object) => object.call::<()>(&ToObject::GiveBack(tokens)).await,
            Err(error) => Err(error),
        };
        // Lost, it comes back by itself.
        if let Err(error) = given {
            super::busy(error);
        }
    }
}

fn budget_spent(wait: Millis) -> Refusal {
    Refusal { retry_after: Some(whole_seconds(wait)), ..Code::BudgetSpent.into() }
}
