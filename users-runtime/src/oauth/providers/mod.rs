//! Providers with the account ids and the e-mail rules of FastAPI Users, so that existing links keep working.
