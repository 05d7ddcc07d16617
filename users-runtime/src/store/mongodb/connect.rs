//! Opening a client as a server wants it.

use std::time::Duration;

use mongodb::{
    Client, Database,
    bson::doc,
    error::{Error, ErrorKind},
    options::ClientOptions,
};

use super::failure::{Described, failure};
use crate::store::{StoreError, error::unexpected};

/// How long a request waits for a server, and a server for a connection, where the URL does not say.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn connect(url: &str) -> Result<Database, StoreError> {
    let mut options = ClientOptions::parse(url).await.map_err(refused)?;
    options.server_selection_timeout.get_or_insert(PATIENCE);
    options.connect_timeout.get_or_insert(PATIENCE);
    let client = Client::with_options(options).map_err(refused)?;
    let named = client.default_database();
    let database =
        named.ok_or_else(|| unexpected("the URL names no database: mongodb://HOST/DATABASE"))?;
    database
        .run_command(doc! { "ping": 1 })
        .await
        .map_err(failure)?;
    Ok(database)
}

/// What the driver says of a URL may quote it, and with it the password.
fn refused(error: Error) -> StoreError {
    match *error.kind {
        ErrorKind::InvalidArgument { .. } => {
            unexpected("this is not a valid URL of a MongoDB database")
        }
        ErrorKind::InvalidTlsConfig { .. } => {
            StoreError::Database(Described::kind("the URL's TLS options are refused").into())
        }
        _ => failure(error),
    }
}
