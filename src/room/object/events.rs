//! What sockets say, bound by hand. worker's macro makes a string or a list of every message before anybody looks how long
//! it is: the runtime takes 32 MiB from a stranger, WASM memory never shrinks, and an isolate has 128 MB for all its rooms.

#![allow(missing_docs)] // of what the macro makes

use super::{clock, failed, sockets, Room, Shell, FRAME};
use crate::domain::time::Millis;
use crate::protocol::BODY_LIMIT;
use crate::room::attachment::ConnectionId;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::js_sys::{JsString, Promise, Uint8Array};
use worker::wasm_bindgen_futures::future_to_promise;
use worker::{console_error, web_sys, Result, WebSocket};

/// A message, taken over only if it may be a frame.
enum Said {
    Text(String),
    /// Binary, or longer than any frame: so many bytes or, of text, UTF-16 units, of which there are never more.
    NoFrame(usize),
}

impl Said {
    fn of(message: &JsValue) -> Self {
        match message.dyn_ref::<JsString>() {
            Some(text) => match usize::try_from(text.length()) {
                Ok(units) if units <= BODY_LIMIT => Self::Text(text.into()),
                units => Self::NoFrame(units.unwrap_or(usize::MAX)),
            },
            // A view, so nothing is copied.
            None => Self::NoFrame(usize::try_from(Uint8Array::new(message).length()).unwrap_or(usize::MAX)),
        }
    }
}

/// What the runtime waits for, if there is anything.
type Later = std::result::Result<Option<Promise>, JsValue>;

#[wasm_bindgen(wasm_bindgen_futures = worker::wasm_bindgen_futures, js_sys = worker::js_sys)]
impl Room {
    /// A message has come.
    #[wasm_bindgen(js_name = webSocketMessage)]
    pub fn websocket_message(&self, socket: web_sys::WebSocket, message: JsValue) -> Later {
        self.shell.spend(FRAME);
        let socket = socket.into();
        self.shell.event(move |shell| shell.said(&socket, &message))
    }

    /// The other side has closed, or was cut.
    #[wasm_bindgen(js_name = webSocketClose)]
    pub fn websocket_close(&self, socket: web_sys::WebSocket, code: usize, reason: String, _was_clean: bool) -> Later {
        let socket = WebSocket::from(socket);
        sockets::answer_close(&socket, code, &reason);
        self.shell.event(move |shell| shell.gone(&socket))
    }

    /// The connection broke.
    #[wasm_bindgen(js_name = webSocketError)]
    pub fn websocket_error(&self, socket: web_sys::WebSocket, _error: JsValue) -> Later {
        let socket = socket.into();
        self.shell.event(move |shell| shell.gone(&socket))
    }
}

impl Shell {
    /// Does what an event asks, if there is such a room: at once where it is awake, for a promise would cost a message as
    /// much as its row does (measured).
    fn event(self: &Rc<Self>, work: impl FnOnce(&Rc<Self>) -> Result<()> + 'static) -> Later {
        let shell = Rc::clone(self);
        if !self.is_awake() {
            return Ok(Some(future_to_promise(async move {
                if shell.awake().await? {
                    work(&shell)?;
                    clock::settle(&shell).await;
                }
                Ok(JsValue::UNDEFINED)
            })));
        }
        Ok(self.event_now(work)?.map(|at| {
            future_to_promise(async move {
                clock::settle_at(&shell, at).await;
                Ok(JsValue::UNDEFINED)
            })
        }))
    }

    /// Says when an alarm is to be set.
    fn event_now(self: &Rc<Self>, work: impl FnOnce(&Rc<Self>) -> Result<()>) -> Result<Option<Millis>> {
        self.clock.during(|| {
            self.expire()?;
            work(self)?;
            Ok(clock::settled_at(self))
        })
    }

    /// Which connection a socket is of, if it is open.
    fn speaker(&self, socket: &WebSocket) -> Option<ConnectionId> {
        self.awake.borrow().as_ref()?.sockets.id_of(socket)
    }

    fn said(self: &Rc<Self>, socket: &WebSocket, message: &JsValue) -> Result<()> {
        let Some(id) = self.speaker(socket) else { return Ok(()) };
        let effects = match Said::of(message) {
            #[cfg(feature = "test-hooks")]
            Said::Text(text) if text.contains(super::hooks::MARK) => super::hooks::panic(),
            Said::Text(text) => self.with(|core, now| core.frame(id, &text, now)),
            Said::NoFrame(length) => self.with(|core, now| core.binary_frame(id, length, now)),
        };
        match effects? {
            Ok(effects) => self.perform(effects),
            Err(error) => {
                console_error!("a frame failed: {error}");
                self.perform(sockets::internal_error(id));
            }
        }
        Ok(())
    }

    fn gone(self: &Rc<Self>, socket: &WebSocket) -> Result<()> {
        let Some(id) = self.speaker(socket) else { return Ok(()) };
        let effects = self.with(|core, now| core.closed(id, now))?.map_err(failed)?;
        self.perform(effects);
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.sockets.forget(id);
        }
        Ok(())
    }
}
