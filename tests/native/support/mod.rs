pub mod sql;
pub mod world;
