//! Upstash's REST protocol in front of a redis-server, so that what is written for hosted Redis runs on one machine,
//! with faults that can be switched on. For development and tests only: it listens on this machine and trusts it.
//!
//! ```text
//! hihichat-gateway --redis redis://127.0.0.1:6379 --port 8079 --token secret [--until-stdin-closes]
//! ```
//!
//! It prints `gateway http://127.0.0.1:PORT` when it listens. The protocol is the one of
//! <https://upstash.com/docs/redis/features/restapi>; what that page leaves open is said where it was decided.

mod answer;
mod app;
mod auth;
mod broken;
mod call;
mod counts;
mod faults;
mod options;
mod refusal;
mod reply;
mod server;

use options::Options;
use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let outcome = Options::parse(std::env::args().skip(1)).map_err(Into::into).and_then(serve);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let app = app::router(&options.token, server::Server::new(&options.redis)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    println!("gateway http://{}", listener.local_addr()?);
    if options.until_stdin_closes {
        std::thread::spawn(|| {
            // Whoever started it holds the other end; however that ends, the pipe closes.
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            std::process::exit(0);
        });
    }
    Ok(axum::serve(listener, app).await?)
}
